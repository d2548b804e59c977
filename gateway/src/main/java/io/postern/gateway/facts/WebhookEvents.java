package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.config.ContextSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ObjIntConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a webhook posts, by the pointers its settings have. Thread-safe. */
public final class WebhookEvents {

    private static final int MAX_DEPTH = 24;

    /** Below it a number is of seconds: as milliseconds it would be in the year 1973. */
    private static final long SECONDS_BELOW = 100_000_000_000L;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    private final ContextSettings.Webhook settings;
    private final String source;
    private final String profile;

    /** @param profile of events that name none */
    public WebhookEvents(ContextSettings.Webhook settings, String source, String profile) {
        this.settings = settings;
        this.source = source;
        this.profile = profile;
    }

    /**
     * Reads a body.
     *
     * @param each told of every event of ours, with its place in the list from 0
     * @return how many were well and are of no event of ours
     */
    public int read(byte[] body, ObjIntConsumer<Told> each) {
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (JacksonException broken) {
            each.accept(new Told.Fault("", "is no JSON (RFC 8259)"), 0);
            return 0;
        }
        List<JsonNode> items = new ArrayList<>();
        if (settings.items().isPresent()) {
            tree.at(settings.items().get()).forEach(items::add);
        } else {
            items.add(tree);
        }
        int unused = 0;
        for (int i = 0; i < items.size(); i++) {
            if (i == NativeEvents.MAX_EVENTS) {
                each.accept(
                        new Told.Fault("", "is beyond the " + NativeEvents.MAX_EVENTS + " that a body may have"), i);
                return unused;
            }
            String word = items.get(i).at(settings.event()).asString("");
            if (settings.events().containsKey(word)) {
                each.accept(told(items.get(i), word), i);
            } else {
                unused++;
            }
        }
        return unused;
    }

    private Told told(JsonNode item, String word) {
        try {
            return new Told.Event(event(item, word));
        } catch (Wrong wrong) {
            return wrong.fault();
        }
    }

    private ContextEvent event(JsonNode item, String word) throws Wrong {
        Said said = Vocabulary.said(settings.events().getOrDefault(word, ""), attributes(item, word));
        String device = Names.device(item.at(settings.device()).asString(""))
                .orElseThrow(() -> new Wrong(settings.device(), "must end with 1–64 of A-Z a-z 0-9 _ -"));
        String of = settings.profile()
                .map(pointer -> item.at(pointer).asString(""))
                .filter(name -> !name.isEmpty())
                .orElse(profile);
        if (!Names.profile(of)) {
            throw new Wrong(settings.profile().orElse(""), "must be 1–16 of A-Z a-z 0-9 -");
        }
        Optional<App> app = app(item);
        if (Vocabulary.ofAnApp(said) && app.isEmpty()) {
            throw new Wrong(settings.app().orElse(""), "must be a package: this event is of an app");
        }
        OptionalLong time = time(item.at(settings.time()));
        if (time.isEmpty()) {
            throw new Wrong(settings.time(), "must be a time as RFC 3339 has it, or Unix time");
        }
        return new ContextEvent(id(item), time.getAsLong(), device, of, app, said, source, false);
    }

    private Attributes attributes(JsonNode item, String word) throws Wrong {
        Attributes attributes = new Attributes();
        for (Map.Entry<String, String> constant :
                settings.constants().getOrDefault(word, Map.of()).entrySet()) {
            attributes.put(constant.getKey(), Scalars.of(constant.getValue()));
        }
        for (Map.Entry<String, String> pointer : settings.attributes().entrySet()) {
            Optional<Object> value = Scalars.of(item.at(pointer.getValue()));
            // One that belongs to another event of this webhook is not there, or not meant.
            if (value.isPresent() && Vocabulary.has(settings.events().getOrDefault(word, ""), pointer.getKey())) {
                attributes.put(pointer.getKey(), value.get());
            }
        }
        return attributes;
    }

    private Optional<App> app(JsonNode item) {
        return settings.app()
                .map(pointer -> item.at(pointer).asString(""))
                .filter(Names::app)
                .map(name -> new App(name, OptionalLong.empty(), OptionalLong.empty()));
    }

    private static OptionalLong time(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0) {
            long number = value.longValue();
            return OptionalLong.of(number < SECONDS_BELOW ? number * 1_000 : number);
        }
        return Times.millis(value.asString(""));
    }

    private String id(JsonNode item) throws Wrong {
        if (settings.id().isEmpty()) {
            return digest(item.toString());
        }
        String id = item.at(settings.id().get()).asString("");
        if (!Names.event(id)) {
            throw new Wrong(settings.id().get(), "must be 1 to 128 printable ASCII characters without spaces");
        }
        return id;
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
