package io.postern.gateway.records;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The product's own logging configuration, as its users get it. */
class LogbackTest {
    @Test
    void anEventIsOneLineWhateverItSays() throws JoranException {
        List<String> lines = logged("text", context -> {
            context.getLogger("io.postern.gateway.Gateway").info("started\nfake line\u001b[31m");
            context.getLogger("io.postern.gateway.Gateway").warn("broken", new IllegalStateException("a\nb"));
        });

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains(" INFO  Gateway started?fake line?[31m");
        assertThat(lines.get(1))
                .contains(" WARN  Gateway broken java.lang.IllegalStateException: a | b | at ")
                .doesNotContain("\t");
    }

    @Test
    void jsonIsOneObjectALine() throws JoranException {
        List<String> lines = logged(
                "json",
                context -> context.getLogger("io.postern.gateway.Gateway")
                        .warn("broken\nline", new IllegalStateException("why")));

        assertThat(lines).hasSize(1);
        JsonNode event = JsonMapper.shared().readTree(lines.get(0));
        assertThat(event.get("level").asString()).isEqualTo("WARN");
        assertThat(event.get("message").asString()).isEqualTo("broken\nline");
        assertThat(event.get("stack_trace").asString()).contains("why");
    }

    @Test
    void flowsAreLoggedOnlyWhenAskedFor() throws JoranException {
        assertThat(logged("text", context -> context.getLogger("flow").debug("flow=1")))
                .isEmpty();
    }

    /** Lines are written by a thread that does not keep the process alive, so something must wait for the last ones. */
    @Test
    void whatIsQueuedIsWrittenBeforeTheProcessEnds() throws JoranException {
        logged(
                "text",
                context -> assertThat(context.getObject(CoreConstants.SHUTDOWN_HOOK_THREAD))
                        .isInstanceOf(Thread.class));
    }

    private static List<String> logged(String variant, Consumer<LoggerContext> events) throws JoranException {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        PrintStream console = System.err;
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("postern.log", variant);
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Objects.requireNonNull(LogbackTest.class.getResource("/logback.xml")));
            events.accept(context);
            context.stop();
        } finally {
            System.setErr(console);
        }
        return captured.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
