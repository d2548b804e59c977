package io.postern.gateway.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operating system tells the process. Java has no public class for it; {@code sun.misc.Signal} of module
 * jdk.unsupported is what everybody uses, by name here, because the compiler's warning about it cannot be silenced.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Has the signal handled by us instead of the JVM.
     *
     * @param name without SIG; where there is no such signal, as HUP on Windows, nothing happens
     */
    static void on(String name, Runnable what) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            what.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (InvocationTargetException unknownHere) {
            LOG.debug("no signal {} here", name, unknownHere);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no module jdk.unsupported in this runtime", e);
        }
    }
}
