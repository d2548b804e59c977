package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Owns;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.ContextEvent.Staged;
import io.postern.analytics.context.ContextEvent.StartedInBackground;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.context.Truth;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes events as {@link NativeEvents} reads them, one a line. Holds some of it back until it is flushed or closed; leaves
 * the stream open. Not thread-safe.
 */
public final class NativeEventWriter implements AutoCloseable {

    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final JsonGenerator out;

    public NativeEventWriter(OutputStream to) {
        out = JSON.createGenerator(ObjectWriteContext.empty(), to);
    }

    /** Writes a line, its end included. */
    public void write(ContextEvent event) {
        out.writeStartObject();
        out.writeStringProperty("id", event.id());
        time("time", event.timeMillis());
        out.writeStringProperty("event", Vocabulary.event(event.said()));
        out.writeName("device").writeStartObject();
        out.writeStringProperty("id", event.device());
        out.writeStringProperty("profile", event.profile());
        out.writeEndObject();
        event.app().ifPresent(this::app);
        out.writeName("attributes").writeStartObject();
        said(event.said());
        out.writeEndObject();
        out.writeName("source").writeStartObject();
        out.writeStringProperty("name", event.source());
        out.writeStringProperty("latency", event.batched() ? "batched" : "realtime");
        out.writeEndObject();
        out.writeEndObject();
        out.writeRaw('\n');
    }

    private void app(App app) {
        out.writeName("app").writeStartObject();
        out.writeStringProperty("package", app.name());
        number("uid", app.uid());
        number("version_code", app.versionCode());
        out.writeEndObject();
    }

    private void said(Said said) {
        if (said instanceof Locked lock) {
            out.writeBooleanProperty("locked", lock.locked());
        } else if (said instanceof Lifecycle lifecycle) {
            out.writeStringProperty(Vocabulary.APP_STATE, Vocabulary.STATES.of(lifecycle.state()));
        } else if (said instanceof StartedInBackground started) {
            out.writeStringProperty("trigger", Vocabulary.TRIGGERS.of(started.trigger()));
        } else if (said instanceof UsedResource used) {
            out.writeStringProperty("resource", Vocabulary.RESOURCES.of(used.resource()));
            out.writeStringProperty("phase", Vocabulary.PHASES.of(used.phase()));
        } else if (said instanceof UsedCrypto crypto) {
            out.writeStringProperty("operation", Vocabulary.OPERATIONS.of(crypto.operation()));
            text("algorithm", crypto.algorithm());
            number("bytes", crypto.bytes());
        } else if (said instanceof Staged staged) {
            out.writeNumberProperty("bytes", staged.bytes());
            staged.entropy().ifPresent(entropy -> out.writeNumberProperty("entropy", entropy));
            out.writeStringProperty("location", Vocabulary.LOCATIONS.of(staged.location()));
        } else if (said instanceof Installed installed) {
            installed(installed);
        } else if (said instanceof Health health) {
            if (health.compliant().known()) {
                out.writeBooleanProperty("compliant", health.compliant() == Truth.TRUE);
            }
            out.writeStringProperty("risk", Vocabulary.RISKS.of(health.risk()));
            text("security_patch", health.securityPatch());
        } else if (said instanceof Owns owns) {
            owns(owns);
        } else if (said instanceof Heartbeat heartbeat) {
            texts(
                    "reports",
                    heartbeat.reports().stream().map(Vocabulary.KINDS::of).toList());
        }
    }

    private void installed(Installed installed) {
        out.writeBooleanProperty("managed", installed.managed());
        installed.approved().ifPresent(approved -> out.writeBooleanProperty("approved", approved));
        text("version_name", installed.versionName());
        text("installer", installed.installer());
        text("signer_sha256", installed.signer());
        installed.firstInstallMillis().ifPresent(at -> time("first_install_time", at));
        installed.lastUpdateMillis().ifPresent(at -> time("last_update_time", at));
        if (!installed.sharedWith().isEmpty()) {
            texts(
                    "shared_uid_packages",
                    installed.sharedWith().stream().sorted().toList());
        }
    }

    private void owns(Owns owns) {
        out.writeStringProperty("protocol", owns.udp() ? "udp" : "tcp");
        if (owns.localPort() != 0) {
            out.writeNumberProperty("local_port", owns.localPort());
        }
        out.writeStringProperty("remote_ip", owns.remoteAddress());
        out.writeNumberProperty("remote_port", owns.remotePort());
        texts("packages", owns.packages());
    }

    private void time(String name, long millis) {
        out.writeStringProperty(name, Instant.ofEpochMilli(millis).toString());
    }

    private void text(String name, String value) {
        if (!value.isEmpty()) {
            out.writeStringProperty(name, value);
        }
    }

    private void number(String name, OptionalLong value) {
        value.ifPresent(number -> out.writeNumberProperty(name, number));
    }

    private void texts(String name, Collection<String> values) {
        out.writeName(name).writeStartArray();
        values.forEach(out::writeString);
        out.writeEndArray();
    }

    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        out.close();
    }
}
