package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One native event as it is read, member by member in any order. */
final class NativeEvent {

    private final Attributes attributes = new Attributes();
    private String id = "";
    private OptionalLong time = OptionalLong.empty();
    private String event = "";
    private String device = "";
    private String profile = Names.PROFILE;
    private Optional<App> app = Optional.empty();
    private String source = "";
    private boolean batched;

    /** Reads it from its start to its end; the parser is at its end then unless this throws. */
    void read(JsonParser in) throws Wrong {
        for (@Nullable String name = in.nextName(); name != null; name = in.nextName()) {
            JsonToken value = in.nextToken();
            switch (name) {
                case "id" -> id = text(in, value, "/id");
                case "time" -> time = Times.millis(text(in, value, "/time"));
                case "event" -> event = text(in, value, "/event");
                case "device" -> device(in, value);
                case "app" -> app(in, value);
                case "attributes" -> attributes(in, value);
                case "source" -> source(in, value);
                default -> throw new Wrong("/" + Names.escaped(name), "there is no such member of an event");
            }
        }
    }

    /** @param known who told it, whatever it says itself */
    ContextEvent made(Optional<String> known) throws Wrong {
        if (!Names.event(id)) {
            throw new Wrong("/id", "must be 1 to 128 printable ASCII characters without spaces");
        }
        if (time.isEmpty()) {
            throw new Wrong("/time", Times.RULE);
        }
        if (device.isEmpty()) {
            throw new Wrong("/device/id", "is missing");
        }
        ContextEvent.Said said = Vocabulary.said(event, attributes);
        if (Vocabulary.ofAnApp(said) && app.isEmpty()) {
            throw new Wrong("/app", "is missing: this event is of an app");
        }
        return new ContextEvent(id, time.getAsLong(), device, profile, app, said, known.orElse(source), batched);
    }

    private void device(JsonParser in, JsonToken start) throws Wrong {
        object(start, "/device");
        for (@Nullable String name = in.nextName(); name != null; name = in.nextName()) {
            JsonToken value = in.nextToken();
            switch (name) {
                case "id" ->
                    device = Names.device(text(in, value, "/device/id"))
                            .orElseThrow(() -> new Wrong("/device/id", "must end with 1–64 of A-Z a-z 0-9 _ -"));
                // The second is how an agent would say it that reports by OpenTelemetry's names.
                case "profile", "android.user.id" ->
                    profile =
                            profile(value == JsonToken.VALUE_NUMBER_INT ? in.getString() : text(in, value, "/device"));
                default -> throw new Wrong("/device/" + Names.escaped(name), "there is no such member of a device");
            }
        }
    }

    private static String profile(String name) throws Wrong {
        if (!Names.profile(name)) {
            throw new Wrong("/device/profile", "must be 1–16 of A-Z a-z 0-9 -");
        }
        return name;
    }

    private void app(JsonParser in, JsonToken start) throws Wrong {
        object(start, "/app");
        String packageName = "";
        OptionalLong uid = OptionalLong.empty();
        OptionalLong version = OptionalLong.empty();
        for (@Nullable String name = in.nextName(); name != null; name = in.nextName()) {
            JsonToken value = in.nextToken();
            switch (name) {
                case "package" -> packageName = text(in, value, "/app/package");
                case "uid" -> uid = whole(in, value, "/app/uid");
                case "version_code" -> version = whole(in, value, "/app/version_code");
                default -> throw new Wrong("/app/" + Names.escaped(name), "there is no such member of an app");
            }
        }
        if (!Names.app(packageName)) {
            throw new Wrong("/app/package", "must be a package");
        }
        app = Optional.of(new App(packageName, uid, version));
    }

    private void source(JsonParser in, JsonToken start) throws Wrong {
        object(start, "/source");
        for (@Nullable String name = in.nextName(); name != null; name = in.nextName()) {
            JsonToken value = in.nextToken();
            switch (name) {
                case "name" -> source = text(in, value, "/source/name");
                // What it is beside its name changes nothing.
                case "kind" -> text(in, value, "/source/kind");
                case "latency" -> batched = batched(text(in, value, "/source/latency"));
                default -> throw new Wrong("/source/" + Names.escaped(name), "there is no such member of a source");
            }
        }
    }

    private static boolean batched(String latency) throws Wrong {
        return switch (latency) {
            case "batched" -> true;
            case "realtime" -> false;
            default -> throw new Wrong("/source/latency", "must be one of realtime, batched");
        };
    }

    private void attributes(JsonParser in, JsonToken start) throws Wrong {
        object(start, "/attributes");
        for (@Nullable String name = in.nextName(); name != null; name = in.nextName()) {
            JsonToken value = in.nextToken();
            // Said to be unknown is not said.
            if (value != JsonToken.VALUE_NULL) {
                attributes.put(name, value(in, value, name));
            }
        }
    }

    private static Object value(JsonParser in, JsonToken value, String name) throws Wrong {
        return switch (value) {
            case VALUE_STRING -> in.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> number(in, "/attributes/" + Names.escaped(name));
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case START_ARRAY -> texts(in, name);
            default -> throw Attributes.wrong(name, "must be a text, a number, true, false or a list of texts");
        };
    }

    private static List<String> texts(JsonParser in, String name) throws Wrong {
        List<String> texts = new ArrayList<>(4);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (in.currentToken() != JsonToken.VALUE_STRING || texts.size() > Attributes.MOST_TEXTS) {
                throw Attributes.wrong(name, "must be a list of " + Attributes.MOST_TEXTS + " texts at most");
            }
            texts.add(in.getString());
        }
        return texts;
    }

    private static void object(JsonToken start, String pointer) throws Wrong {
        if (start != JsonToken.START_OBJECT) {
            throw new Wrong(pointer, "must be an object");
        }
    }

    private static String text(JsonParser in, JsonToken value, String pointer) throws Wrong {
        if (value != JsonToken.VALUE_STRING) {
            throw new Wrong(pointer, "must be a text");
        }
        return in.getString();
    }

    private static OptionalLong whole(JsonParser in, JsonToken value, String pointer) throws Wrong {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            throw new Wrong(pointer, "must be a whole number");
        }
        long number = number(in, pointer);
        if (number < 0) {
            throw new Wrong(pointer, "must be 0 at least");
        }
        return OptionalLong.of(number);
    }

    private static long number(JsonParser in, String pointer) throws Wrong {
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new Wrong(pointer, "must be a number of 64 bits");
        }
        return in.getLongValue();
    }
}
