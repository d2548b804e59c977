package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What everybody in this JVM logs while it is open. */
public final class TestingLog implements AutoCloseable {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    public TestingLog() {
        events.start();
        root.addAppender(events);
    }

    /** No line of WARN or above, and nothing with a stack. */
    public void expectQuiet() {
        assertThat(List.copyOf(events.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null)
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    /** One line of ERROR with the stack of what was thrown. */
    public void expectStack(String thrown) {
        assertThat(List.copyOf(events.list))
                .filteredOn(event -> event.getLevel() == Level.ERROR && event.getThrowableProxy() != null)
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly(thrown);
    }

    /** One line that says this. */
    public void expectOnce(String text) {
        assertThat(List.copyOf(events.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.contains(text))
                .hasSize(1);
    }

    /** All of it, a line each. */
    public String text() {
        return List.copyOf(events.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        root.detachAppender(events);
        events.stop();
    }
}
