package io.postern.gateway.session;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Linux can do with sockets and Netty does not offer, or only with an object for every datagram. */
final class NativeSockets {

    static final int MSG_DONTWAIT = 0x40;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EMSGSIZE = 90;
    static final int ECONNREFUSED = 111;

    private static final Logger LOG = LoggerFactory.getLogger(NativeSockets.class);

    static {
        Native.register(NativeSockets.class, Platform.C_LIBRARY_NAME);
    }

    private NativeSockets() {}

    /** Whether these can be called here, and structures are laid out as {@link Batch} has them. */
    static boolean available() {
        try {
            return Platform.isLinux()
                    && Native.POINTER_SIZE == Long.BYTES
                    && recvmmsg(-1, Pointer.NULL, 0, 0, Pointer.NULL) < 0;
        } catch (LinkageError missing) {
            LOG.info("datagrams go through channels, which cost more: {}", missing.toString());
            return false;
        }
    }

    /** recvmmsg(2). */
    static native int recvmmsg(int descriptor, Pointer messages, int count, int flags, Pointer timeout);

    /** sendmmsg(2). */
    static native int sendmmsg(int descriptor, Pointer messages, int count, int flags);

    /** setsockopt(2) of an option that is an int. */
    static native int setsockopt(int descriptor, int level, int name, IntByReference value, int length);
}
