package io.postern.gateway.e2e;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Network namespaces with a name (ip-netns(8)): a socket belongs for ever to the one its thread was in when it was made. */
final class NetworkNamespace {

    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDONLY = 0;

    private NetworkNamespace() {}

    /** Opens something on a thread that has entered this one and ends with it. */
    static <T> T within(String name, Callable<T> open) throws Exception {
        FutureTask<T> opened = new FutureTask<>(() -> {
            enter(name);
            return open.call();
        });
        new Thread(opened, "within-" + name).start();
        return opened.get();
    }

    private static void enter(String name) throws IOException {
        int file = call("open", "/run/netns/" + name, O_RDONLY);
        try {
            call("setns", file, CLONE_NEWNET);
        } finally {
            call("close", file);
        }
    }

    private static int call(String function, Object... arguments) throws IOException {
        int result = Function.getFunction(Platform.C_LIBRARY_NAME, function).invokeInt(arguments);
        if (result < 0) {
            throw new IOException(function + " fails, errno " + Native.getLastError());
        }
        return result;
    }
}
