package io.postern.gateway.session;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/** What Linux can do with sockets and Netty does not offer. */
final class NativeSockets {

    static {
        Native.register(NativeSockets.class, Platform.C_LIBRARY_NAME);
    }

    private NativeSockets() {}

    /** recvmmsg(2). */
    static native int recvmmsg(int descriptor, Pointer messages, int count, int flags, Pointer timeout);

    /** setsockopt(2) of an option that is an int. */
    static native int setsockopt(int descriptor, int level, int name, IntByReference value, int length);
}
