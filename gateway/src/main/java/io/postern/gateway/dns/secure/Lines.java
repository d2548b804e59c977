package io.postern.gateway.dns.secure;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.postern.dns.forward.Server;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one server: at most {@value #MOST}, opened as they are needed, one after the other.
 * Questions that have no place on any wait, at most {@value #WAITING} of them, each until its own time is over.
 *
 * <p>A connection that the server ends takes nothing with it: what waits on it is asked once more on another, unless it has
 * never answered anything. Single-threaded on its loop.
 */
final class Lines {

    private static final int MOST = 8;
    private static final int WAITING = 1_024;

    private final EventLoop loop;
    private final Server server;
    private final Connector connector;
    private final List<Line> open = new ArrayList<>();
    private final Deque<Question> waiting = new ArrayDeque<>();
    private boolean opening;

    Lines(EventLoop loop, Server server, Connector connector) {
        this.loop = loop;
        this.server = server;
        this.connector = connector;
    }

    void ask(Question question) {
        waiting.add(question);
        if (waiting.size() > WAITING) {
            waiting.removeIf(Question::over);
        }
        if (waiting.size() > WAITING) {
            waiting.removeLast();
            later(question);
        } else {
            room();
        }
    }

    /** There may be room on a connection again. */
    void room() {
        while (!waiting.isEmpty()) {
            Question next = waiting.peekFirst();
            Line line = next.over() ? null : free();
            if (line == null && !next.over()) {
                another();
                return;
            }
            waiting.removeFirst();
            if (line != null) {
                line.ask(next);
            }
        }
    }

    private @Nullable Line free() {
        for (Line line : open) {
            if (line.free()) {
                return line;
            }
        }
        return null;
    }

    private void another() {
        if (opening || open.size() >= MOST) {
            return;
        }
        opening = true;
        try {
            connector.connect(loop, server, this);
        } catch (ChannelException noSocket) {
            loop.execute(() -> notOpened(noSocket));
        }
    }

    void opened(Line line) {
        opening = false;
        open.add(line);
        connector.well(server);
        room();
    }

    void notOpened(Throwable why) {
        opening = false;
        connector.trouble(server, why);
        if (open.isEmpty()) {
            List<Question> all = new ArrayList<>(waiting);
            waiting.clear();
            // Not at once: the caller has not finished its own step.
            all.forEach(each -> loop.execute(why instanceof ChannelException ? each::fail : each::unreachable));
        }
    }

    void closed(Line line, List<Question> left, boolean proven) {
        open.remove(line);
        connector.closed();
        for (Question each : left) {
            if (proven && !each.again && !each.over()) {
                each.again = true;
                each.line = null;
                ask(each);
            } else {
                later(each);
            }
        }
    }

    /** Not at once: the caller has not finished its own step. */
    private void later(Question question) {
        loop.execute(question::fail);
    }
}
