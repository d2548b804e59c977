package io.postern.gateway;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll, kept from losing half-closed connections, and told what a socket waits for once a turn of the loop.
 *
 * <p>Since netty#16689 Netty takes a socket out of epoll while it waits for nothing, and does not put it back: the next
 * {@code epoll_ctl} fails with ENOENT. A connection whose peer has ended its half, and which then cannot write at once,
 * is broken by that with what was still to be sent. So a socket that waits for nothing stays, edge-triggered: it costs
 * no wake-ups and can wait for writability again. {@code HalfCloseIT} tells when Netty's own fix can be had.
 *
 * <p>Netty says each change of a socket's interest to the kernel at once: eight times in a short flow, of which half
 * are revoked before anybody looks. Nobody looks before the next wait, so they are said then, and only if they differ
 * from what the kernel knows. On the loop's thread alone, as all of a channel's interest is.
 */
final class SteadyEpoll implements IoHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SteadyEpoll.class);

    private final IoHandler epoll;
    private final Queue<Steady> changed = new ArrayDeque<>();

    private SteadyEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory factory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new SteadyEpoll(factory.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Steady(handle, epoll.register(handle));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        for (Steady next = changed.poll(); next != null; next = changed.poll()) {
            next.settle();
        }
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    private final class Steady implements IoRegistration {

        private final IoHandle handle;
        private final IoRegistration registration;
        private EpollIoOps wanted = EpollIoOps.NONE;
        /** Null until the kernel knows the socket. */
        private @Nullable EpollIoOps known;

        private boolean queued;

        Steady(IoHandle handle, IoRegistration registration) {
            this.handle = handle;
            this.registration = registration;
        }

        @Override
        public long submit(IoOps ops) {
            if (!registration.isValid()) {
                return -1;
            }
            wanted = (EpollIoOps) ops;
            if (!queued) {
                queued = true;
                changed.add(this);
            }
            return wanted.value();
        }

        void settle() {
            queued = false;
            if (!registration.isValid()) {
                return;
            }
            EpollIoOps now = known != null && wanted.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : wanted;
            if (now.equals(EpollIoOps.NONE) || now.equals(known)) {
                return;
            }
            try {
                registration.submit(now);
                known = now;
            } catch (UncheckedIOException refused) {
                // The kernel will not watch it (its limit of watches, its memory): nobody would ever wake this socket.
                LOG.warn("A socket cannot be watched and is closed: {}", refused.getMessage());
                close();
            }
        }

        private void close() {
            try {
                handle.close();
            } catch (Exception failure) {
                LOG.warn("A socket that cannot be watched cannot be closed either", failure);
            }
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has it
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
