package io.postern.gateway.whatif;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.finding.Technique;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Facts.Posture;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.records.Activity;
import io.postern.gateway.rules.FactSource.Kind;
import io.postern.gateway.rules.Match;
import io.postern.gateway.rules.Precedence;
import io.postern.gateway.rules.Question;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * Reads the lines of our own flow log for what policy asks. A value of another kind than its member has breaks the line;
 * members that it does not know are passed over. Not for several threads.
 */
final class RecordReader {

    /** What a line comes to. */
    enum Kept {
        FLOW,
        /** Of a flow that lives on and will have another, or of something else. */
        OTHER,
        BROKEN
    }

    private static final int FLOWS = 4001;
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, Protocol> PROTOCOLS = by(Protocol.values(), Protocol::label);
    private static final Map<String, Basis> BASES = by(Basis.values(), Basis::label);
    private static final Map<String, DeviceAssurance> DEVICE = by(DeviceAssurance.values(), DeviceAssurance::label);
    private static final Map<String, AppAssurance> APP = by(AppAssurance.values(), AppAssurance::label);
    private static final Map<String, Action> ACTIONS = by(Action.values(), RecordReader::lowerCase);
    private static final Map<String, Mode> MODES = by(Mode.values(), RecordReader::lowerCase);
    private static final Map<String, Posture> POSTURES =
            by(Posture.values(), each -> lowerCase(each).replace('_', '-'));
    private static final Map<String, Kind> FACTS = by(Kind.values(), RecordReader::lowerCase);

    private final UnaryOperator<String> meant;
    private int classUid;
    private int activity;
    private long startMillis;
    private String device = "";
    private String profile = "";
    private String app = "";
    private String client = "";
    private String address = "";
    private String asked = "";
    private String serverName = "";
    private String httpHost = "";
    private int port;
    private Protocol protocol = Protocol.UNKNOWN;
    private Basis basis = Basis.END;
    private DeviceAssurance deviceAssurance = DeviceAssurance.NONE;
    private AppAssurance appAssurance = AppAssurance.NONE;
    private RecordedFacts facts = new RecordedFacts();
    private boolean told;
    private List<Match> found = List.of();

    RecordReader() {
        this(device -> device);
    }

    /** @param meant the device that a record means which calls it so */
    RecordReader(UnaryOperator<String> meant) {
        this.meant = meant;
    }

    private void clear() {
        classUid = 0;
        activity = 0;
        startMillis = -1;
        device = AppTag.NOBODY;
        profile = AppTag.NOBODY;
        app = AppTag.NOBODY;
        client = "";
        address = "";
        asked = "";
        serverName = "";
        httpHost = "";
        port = 0;
        protocol = Protocol.UNKNOWN;
        basis = Basis.END;
        deviceAssurance = DeviceAssurance.NONE;
        appAssurance = AppAssurance.NONE;
        facts = new RecordedFacts();
        told = false;
        found = List.of();
    }

    /** Reads the line between these positions; {@link #flow} tells it until the next. */
    Kept read(byte[] bytes, int from, int to) {
        clear();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Kept.BROKEN;
            }
            members(json, this::top);
            if (json.nextToken() != null) {
                return Kept.BROKEN;
            }
        } catch (JacksonException | IllegalArgumentException e) {
            return Kept.BROKEN;
        }
        Optional<Activity> what = Activity.of(activity);
        if (classUid != FLOWS || what.filter(one -> one == Activity.TRAFFIC).isPresent()) {
            return Kept.OTHER;
        }
        boolean leads = port > 0 && (!address.isEmpty() || !asked.isEmpty());
        return what.isPresent() && startMillis >= 0 && leads ? Kept.FLOW : Kept.BROKEN;
    }

    Recorded flow() {
        AppTag tag = new AppTag(meant.apply(device), profile, app, deviceAssurance, appAssurance);
        Optional<InetAddress> dialled = address.isEmpty() ? Optional.empty() : literal(address);
        boolean watched = protocol != Protocol.UNKNOWN || basis != Basis.END;
        Question question = new Question(
                tag,
                Optional.of(asked).filter(name -> !name.isEmpty()),
                Optional.of(serverName.isEmpty() ? httpHost : serverName).filter(name -> !name.isEmpty()),
                dialled,
                port,
                watched ? Optional.of(protocol) : Optional.empty(),
                basis);
        question = literal(client).map(question::from).orElse(question);
        return new Recorded(question, Instant.ofEpochMilli(startMillis), facts, told, found);
    }

    private static Optional<InetAddress> literal(String text) {
        return HostText.of(text) instanceof HostText.Literal literal
                ? Optional.of(literal.address())
                : Optional.empty();
    }

    private void top(JsonParser json, String member) {
        switch (member) {
            case "class_uid" -> classUid = json.getIntValue();
            case "activity_id" -> activity = json.getIntValue();
            case "start_time" -> startMillis = json.getLongValue();
            case "app_name" -> protocol = PROTOCOLS.getOrDefault(text(json), Protocol.UNKNOWN);
            case "device" -> members(json, (at, name) -> device = name.equals("uid") ? text(at) : passed(at, device));
            case "actor" -> members(json, (at, name) -> app = name.equals("app_uid") ? text(at) : passed(at, app));
            case "src_endpoint" ->
                members(json, (at, name) -> client = name.equals("ip") ? text(at) : passed(at, client));
            case "dst_endpoint" -> members(json, this::destination);
            case "tls" ->
                members(json, (at, name) -> serverName = name.equals("sni") ? text(at) : passed(at, serverName));
            case "unmapped" -> members(json, this::unmapped);
            default -> json.skipChildren();
        }
    }

    private void destination(JsonParser json, String member) {
        switch (member) {
            case "ip" -> address = text(json);
            case "port" -> port = json.getIntValue();
            case "hostname" -> asked = text(json);
            default -> json.skipChildren();
        }
    }

    private void unmapped(JsonParser json, String member) {
        if (member.equals("postern")) {
            members(json, this::postern);
        } else {
            json.skipChildren();
        }
    }

    private void postern(JsonParser json, String member) {
        switch (member) {
            case "profile" -> profile = text(json);
            case "device_assurance" -> deviceAssurance = DEVICE.getOrDefault(text(json), DeviceAssurance.NONE);
            case "app_assurance" -> appAssurance = APP.getOrDefault(text(json), AppAssurance.NONE);
            case "basis" -> basis = BASES.getOrDefault(text(json), Basis.END);
            case "http_host" -> httpHost = host(text(json));
            case "facts" -> {
                told = true;
                members(json, this::fact);
            }
            case "rules" -> each(json, this::rule);
            default -> json.skipChildren();
        }
    }

    /** As the client wrote it, with a port perhaps. */
    private static String host(String text) {
        int colon = text.lastIndexOf(':');
        return colon < 0 || text.endsWith("]") || text.indexOf(':') != colon ? text : text.substring(0, colon);
    }

    private void fact(JsonParser json, String member) {
        if (member.equals("no_interaction_seconds")) {
            facts.untouched(json.getLongValue());
        } else if (member.equals("posture")) {
            each(json, at -> Optional.ofNullable(POSTURES.get(text(at))).ifPresent(facts::posture));
        } else if (FACTS.containsKey(member)) {
            facts.truth(FACTS.get(member), json.getBooleanValue());
        } else {
            json.skipChildren();
        }
    }

    /** Written rules are judged anew; what findings said then stands. */
    private void rule(JsonParser json) {
        String[] words = {"", "", ""};
        members(json, (at, name) -> {
            switch (name) {
                case "name" -> words[0] = text(at);
                case "action" -> words[1] = text(at);
                case "mode" -> words[2] = text(at);
                default -> at.skipChildren();
            }
        });
        int note = words[0].indexOf(", ");
        String name = note < 0 ? words[0] : words[0].substring(0, note);
        if (Technique.of(name).isPresent() && ACTIONS.containsKey(words[1]) && MODES.containsKey(words[2])) {
            List<Match> more = new ArrayList<>(found);
            more.add(new Match(name, Precedence.ANALYTIC, ACTIONS.get(words[1]), MODES.get(words[2])));
            found = more;
        }
    }

    private interface Member {
        void take(JsonParser json, String name);
    }

    private interface Item {
        void take(JsonParser json);
    }

    private static void members(JsonParser json, Member member) {
        expect(json, JsonToken.START_OBJECT);
        for (String each = json.nextName(); each != null; each = json.nextName()) {
            json.nextToken();
            member.take(json, each);
        }
    }

    private static void each(JsonParser json, Item item) {
        expect(json, JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            item.take(json);
        }
    }

    private static String passed(JsonParser json, String value) {
        json.skipChildren();
        return value;
    }

    private static String text(JsonParser json) {
        expect(json, JsonToken.VALUE_STRING);
        return json.getString();
    }

    private static void expect(JsonParser json, JsonToken token) {
        if (json.currentToken() != token) {
            throw new IllegalArgumentException("not a " + token);
        }
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <T> Map<String, T> by(T[] values, Function<? super T, String> label) {
        return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(label, Function.identity()));
    }
}
