package io.postern.gateway.simulate;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.ContextEvent.Staged;
import io.postern.analytics.context.ContextEvent.StartedInBackground;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.context.FactKind;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes what the simulated agents say as native context events, one a line. */
final class FactLines {

    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("")
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final JsonGenerator json;

    FactLines(OutputStream out) {
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), out);
    }

    void write(ContextEvent event) {
        json.writeStartObject();
        json.writeStringProperty("id", event.id());
        json.writeStringProperty(
                "time", Instant.ofEpochMilli(event.timeMillis()).toString());
        json.writeStringProperty("event", name(event.said()));
        json.writeObjectPropertyStart("device");
        json.writeStringProperty("id", event.device());
        json.writeStringProperty("profile", event.profile());
        json.writeEndObject();
        event.app().ifPresent(app -> {
            json.writeObjectPropertyStart("app");
            json.writeStringProperty("package", app.name());
            app.versionCode().ifPresent(code -> json.writeNumberProperty("version_code", code));
            json.writeEndObject();
        });
        json.writeObjectPropertyStart("attributes");
        attributes(event.said());
        json.writeEndObject();
        json.writeObjectPropertyStart("source");
        json.writeStringProperty("name", event.source());
        json.writeStringProperty("latency", event.batched() ? "batched" : "realtime");
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    void flush() {
        json.flush();
    }

    private static String name(Said said) {
        if (said instanceof Heartbeat) {
            return "source.heartbeat";
        }
        return switch (said.kind()) {
            case LOCK -> "device.lock";
            case APP_STATE -> "device.app.lifecycle";
            case INTERACTION -> "device.user_interaction";
            case BACKGROUND_START -> "app.background_start";
            case PROTECTED_RESOURCE -> "app.protected_resource";
            case CRYPTO -> "app.crypto";
            case STAGING -> "app.staging";
            case INVENTORY -> "app.inventory";
            case POSTURE -> "device.posture";
            case FLOW_OWNER -> "flow.owner";
        };
    }

    private void attributes(Said said) {
        if (said instanceof Locked lock) {
            json.writeBooleanProperty("locked", lock.locked());
        } else if (said instanceof Lifecycle lifecycle) {
            json.writeStringProperty("android.app.state", word(lifecycle.state(), '_'));
        } else if (said instanceof StartedInBackground started) {
            json.writeStringProperty("trigger", word(started.trigger(), '-'));
        } else if (said instanceof UsedResource used) {
            json.writeStringProperty("resource", word(used.resource(), '_'));
            json.writeStringProperty("phase", word(used.phase(), '_'));
        } else if (said instanceof UsedCrypto crypto) {
            json.writeStringProperty("operation", word(crypto.operation(), '_'));
            json.writeStringProperty("algorithm", crypto.algorithm());
            crypto.bytes().ifPresent(bytes -> json.writeNumberProperty("bytes", bytes));
        } else if (said instanceof Staged staged) {
            json.writeNumberProperty("bytes", staged.bytes());
            staged.entropy().ifPresent(entropy -> json.writeNumberProperty("entropy", entropy));
            json.writeStringProperty("location", word(staged.location(), '_'));
        } else if (said instanceof Installed installed) {
            installed(installed);
        } else if (said instanceof Heartbeat heartbeat) {
            json.writeArrayPropertyStart("reports");
            heartbeat.reports().stream().map(FactKind::label).sorted().forEach(json::writeString);
            json.writeEndArray();
        } else if (!(said instanceof Interacted)) {
            throw new IllegalArgumentException("no simulated agent says " + said);
        }
    }

    private void installed(Installed installed) {
        json.writeBooleanProperty("managed", installed.managed());
        installed.approved().ifPresent(approved -> json.writeBooleanProperty("approved", approved));
        json.writeStringProperty("version_name", installed.versionName());
        if (!installed.installer().isEmpty()) {
            json.writeStringProperty("installer", installed.installer());
        }
        json.writeStringProperty("signer_sha256", installed.signer());
        installed
                .firstInstallMillis()
                .ifPresent(at -> json.writeStringProperty(
                        "first_install_time", Instant.ofEpochMilli(at).toString()));
        installed
                .lastUpdateMillis()
                .ifPresent(at -> json.writeStringProperty(
                        "last_update_time", Instant.ofEpochMilli(at).toString()));
    }

    private static String word(Enum<?> constant, char between) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', between);
    }
}
