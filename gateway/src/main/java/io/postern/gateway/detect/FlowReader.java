package io.postern.gateway.detect;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.ByteSample;
import io.postern.gateway.records.Activity;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.PosternFields;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the lines of our own flow log, as {@code OcsfFlow} writes them: what detection is told of, member by member as it
 * comes, nothing of the rest. Members that it does not know are passed over. Not for several threads.
 */
public final class FlowReader {

    /** The class of Network Activity. */
    private static final int FLOWS = 4001;

    /** The end of the year 9999. */
    private static final long LATEST = 253_402_300_799_999L;

    private static final int MOST_PORT = 0xFFFF;
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, Protocol> PROTOCOLS = byLabel(Protocol.values(), Protocol::label);
    private static final Map<String, Basis> BASES = byLabel(Basis.values(), Basis::label);
    private static final Map<String, DeviceAssurance> DEVICE =
            byLabel(DeviceAssurance.values(), DeviceAssurance::label);
    private static final Map<String, AppAssurance> APP = byLabel(AppAssurance.values(), AppAssurance::label);

    private static final Map<String, Naming> NAMINGS =
            byLabel(Naming.values(), naming -> naming.name().toLowerCase(Locale.ROOT));

    private static final Map<String, Resolved> RESOLVED =
            byLabel(Resolved.values(), resolved -> resolved.name().toLowerCase(Locale.ROOT));

    /** What a line comes to. */
    public sealed interface Read {

        /**
         * @param name what names this line among all
         * @param line nothing where there is nothing for detection in it
         */
        record Told(String name, Protocol protocol, boolean last, Optional<FlowLine> line) implements Read {}

        /** A record of something else. */
        record Other() implements Read {}

        /** @param what is wrong with it, without any of its text */
        record Broken(String what) implements Read {}
    }

    private static final Read OTHER = new Read.Other();

    private static final int MOST_TEXTS = 100_000;

    private final UnaryOperator<String> meant;
    private final FlowFacts facts;
    /** So that what many lines name is there once, and hashed once. */
    private final Map<String, String> texts = new HashMap<>();

    private final FlowWords words = new FlowWords();
    private double bits;
    private int bytes;
    private boolean compressed;
    private final long[] tape = new long[3 * Exchanges.MAX];
    private String name = "";
    private long classUid;
    private boolean fromMemory;
    private long activity;

    public FlowReader(FlowFacts facts) {
        this(facts, device -> device);
    }

    /** @param meant the device that a line means which calls it so */
    public FlowReader(FlowFacts facts, UnaryOperator<String> meant) {
        this.facts = facts;
        this.meant = meant;
    }

    /** Reads the line between these positions. */
    public Read read(byte[] bytes, int from, int to) {
        words.clear();
        name = "";
        classUid = 0;
        fromMemory = false;
        activity = 0;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new Read.Broken("is no JSON object");
            }
            top(json);
            if (json.nextToken() != null) {
                return new Read.Broken("goes on behind its JSON object");
            }
        } catch (JacksonException e) {
            return new Read.Broken(JsonValues.Wrong.text(e));
        }
        return classUid == FLOWS ? told() : OTHER;
    }

    private Read told() {
        Optional<Activity> what = Activity.of((int) activity);
        if (words.uid.isEmpty()) {
            return new Read.Broken("connection_info.uid is missing");
        }
        if (what.isEmpty()) {
            return new Read.Broken("activity_id is none of ours");
        }
        if (words.startMillis == 0 || words.endMillis == 0) {
            return new Read.Broken((words.startMillis == 0 ? "start_time" : "end_time") + " is missing");
        }
        words.outcome = FlowFacts.outcome(what.get());
        if (fromMemory) {
            words.told = words.asked;
            words.asked = "";
        }
        return new Read.Told(
                name.isEmpty() ? words.uid + '.' + words.endMillis + '.' + activity : name,
                words.protocol,
                what.get() != Activity.TRAFFIC,
                facts.line(words));
    }

    private void top(JsonParser json) {
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            json.nextToken();
            switch (member) {
                case "metadata" -> JsonValues.object(json, this::metadata);
                case "class_uid" -> classUid = JsonValues.number(json, Integer.MAX_VALUE);
                case "activity_id" -> activity = JsonValues.number(json, Byte.MAX_VALUE);
                case "start_time" -> words.startMillis = JsonValues.number(json, LATEST);
                case "end_time" -> words.endMillis = JsonValues.number(json, LATEST);
                case "device" -> JsonValues.object(json, this::device);
                case "actor" -> JsonValues.object(json, this::actor);
                case "app_name" -> words.protocol = PROTOCOLS.getOrDefault(JsonValues.text(json), Protocol.UNKNOWN);
                case "src_endpoint" -> JsonValues.object(json, this::source);
                case "dst_endpoint" -> JsonValues.object(json, this::destination);
                case "connection_info" -> JsonValues.object(json, this::connection);
                case "traffic" -> JsonValues.object(json, this::traffic);
                case "tls" -> {
                    words.tls = true;
                    JsonValues.object(json, this::tls);
                }
                case "ja4_fingerprint_list" -> JsonValues.objects(json, this::print);
                case "unmapped" -> JsonValues.object(json, this::unmapped);
                default -> json.skipChildren();
            }
        }
    }

    private void metadata(JsonParser json, String member) {
        if (member.equals("uid")) {
            name = JsonValues.text(json);
        } else {
            json.skipChildren();
        }
    }

    private void device(JsonParser json, String member) {
        if (member.equals("uid")) {
            words.device = meant.apply(known(json));
        } else {
            json.skipChildren();
        }
    }

    private void actor(JsonParser json, String member) {
        if (member.equals("app_uid")) {
            words.app = known(json);
        } else {
            json.skipChildren();
        }
    }

    private void source(JsonParser json, String member) {
        if (member.equals("ip")) {
            words.client = known(json);
        } else {
            json.skipChildren();
        }
    }

    private void destination(JsonParser json, String member) {
        switch (member) {
            case "ip" -> words.address = known(json);
            case "port" -> words.port = (int) JsonValues.number(json, MOST_PORT);
            case "hostname" -> words.asked = known(json);
            default -> json.skipChildren();
        }
    }

    private void connection(JsonParser json, String member) {
        switch (member) {
            case "uid" -> words.uid = JsonValues.text(json);
            case "protocol_name" ->
                words.transport = JsonValues.text(json).equals("udp") ? Flow.Transport.UDP : Flow.Transport.TCP;
            default -> json.skipChildren();
        }
    }

    private void traffic(JsonParser json, String member) {
        switch (member) {
            case "bytes_out" -> words.bytesOut = JsonValues.number(json, Long.MAX_VALUE);
            case "bytes_in" -> words.bytesIn = JsonValues.number(json, Long.MAX_VALUE);
            default -> json.skipChildren();
        }
    }

    private void tls(JsonParser json, String member) {
        if (member.equals("sni")) {
            words.serverName = known(json);
        } else {
            json.skipChildren();
        }
    }

    private void print(JsonParser json, String member) {
        if (member.equals("value") && words.ja4.isEmpty()) {
            words.ja4 = known(json);
        } else {
            json.skipChildren();
        }
    }

    private void unmapped(JsonParser json, String member) {
        if (member.equals("postern")) {
            JsonValues.object(json, this::postern);
        } else {
            json.skipChildren();
        }
    }

    private void postern(JsonParser json, String member) {
        switch (member) {
            case "profile" -> words.profile = known(json);
            case "device_assurance" ->
                words.deviceAssurance = DEVICE.getOrDefault(JsonValues.text(json), DeviceAssurance.NONE);
            case "app_assurance" -> words.appAssurance = APP.getOrDefault(JsonValues.text(json), AppAssurance.NONE);
            case "basis" -> words.basis = BASES.getOrDefault(JsonValues.text(json), Basis.END);
            case "service_class" -> JsonValues.texts(json, words.serviceClasses::add);
            case "alpn" -> {
                words.hello = true;
                JsonValues.texts(json, each -> words.alpn = words.alpn.isEmpty() ? each : words.alpn);
            }
            case "ech", "esni" -> words.hidden |= JsonValues.truth(json);
            case "dns_query" -> words.question = JsonValues.text(json);
            case "dns_type" -> words.questionType = (int) JsonValues.number(json, Integer.MAX_VALUE);
            case "http_host" -> words.httpHost = JsonValues.text(json);
            case "http_method" -> words.method = known(json);
            case "http_path_class" -> words.pathClass = known(json);
            case "http_user_agent" -> words.userAgent = known(json);
            case "http_header_order" -> words.headerOrder = known(json);
            case "name_basis" -> fromMemory = JsonValues.text(json).equals(PosternFields.DNS_MEMORY);
            case "dns_resolved" -> words.resolved = RESOLVED.getOrDefault(JsonValues.text(json), Resolved.UNKNOWN);
            case "naming" -> words.naming = NAMINGS.getOrDefault(JsonValues.text(json), Naming.ONE);
            case "payload_out" -> words.sent = payload(json);
            case "payload_in" -> words.received = payload(json);
            case "exchanges" -> exchanges(json);
            default -> json.skipChildren();
        }
    }

    private Payload payload(JsonParser json) {
        bits = 0;
        bytes = 0;
        compressed = false;
        JsonValues.object(json, this::payload);
        return bytes == 0 ? Payload.NONE : new Payload(compressed, bytes, bits);
    }

    private void payload(JsonParser json, String member) {
        switch (member) {
            case "bits" -> bits = JsonValues.decimal(json, Byte.SIZE);
            case "bytes" -> bytes = (int) JsonValues.number(json, ByteSample.MOST);
            case "compressed" -> compressed = JsonValues.truth(json);
            default -> json.skipChildren();
        }
    }

    private void exchanges(JsonParser json) {
        JsonValues.expect(json, JsonToken.START_ARRAY);
        int at = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            JsonValues.expect(json, JsonToken.START_ARRAY);
            if (at == tape.length) {
                json.skipChildren();
                continue;
            }
            for (int i = 0; i < 3; i++) {
                json.nextToken();
                tape[at++] = JsonValues.number(json, LATEST);
            }
            json.nextToken();
            JsonValues.expect(json, JsonToken.END_ARRAY);
        }
        words.exchanges = Exchanges.of(tape, at / 3);
    }

    private String known(JsonParser json) {
        String text = JsonValues.text(json);
        String known = texts.get(text);
        if (known == null) {
            if (texts.size() >= MOST_TEXTS) {
                texts.clear();
            }
            texts.put(text, text);
            known = text;
        }
        return known;
    }

    private static <T> Map<String, T> byLabel(T[] values, Function<T, String> label) {
        return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(label, Function.identity()));
    }
}
