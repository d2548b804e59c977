package io.postern.config.document;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One YAML 1.2 document as settings with their places.
 *
 * <p>A policy may come through a pull request, so its writer is not trusted with our memory: at most
 * {@value #MAX_BYTES} bytes, {@value BoundedParser#MAX_DEPTH} levels, {@value BoundedParser#MAX_ALIASES} aliases and
 * {@value #MAX_NODES} values after aliases are followed. Refused as well: a second document, a key given twice, keys
 * that are no text, tags. Scalars are JSON's: {@code yes} and {@code 010} are text.
 */
public final class Yaml {

    public static final int MAX_BYTES = 1024 * 1024;
    static final int MAX_NODES = 200_000;

    private static final int LONG_DIGITS = 19;

    private final String file;
    private final Problems problems;
    /** What each anchor stands for; empty while that is being read. */
    private final Map<Anchor, Optional<Setting>> anchors = new HashMap<>();

    private final Map<String, String> keys = new HashMap<>();
    private int nodes;

    private Yaml(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /**
     * Reads a document; nothing but comments is an empty mapping.
     *
     * @param file as problems are to name it
     * @return empty when the document cannot be read at all; problems may be told in either case
     */
    public static Optional<Setting> read(String file, byte[] bytes, Problems problems) {
        if (bytes.length > MAX_BYTES) {
            problems.add(Position.of(file), "", "has " + bytes.length + " bytes, must have at most " + MAX_BYTES);
            return Optional.empty();
        }
        return new Yaml(file, problems).document(bytes);
    }

    private Optional<Setting> document(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file)
                    .setAllowNonScalarKeys(true)
                    .build();
            StreamReader reader = new StreamReader(settings, text.startsWith("\uFEFF") ? text.substring(1) : text);
            return Optional.of(root(new BoundedParser(new ParserImpl(settings, reader))));
        } catch (CharacterCodingException e) {
            problems.add(Position.of(file), "", "is not UTF-8");
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    e.getProblemMark().map(this::position).orElse(Position.of(file)), "", "is not YAML: " + what(e));
        } catch (TooMuch e) {
            problems.add(Position.of(file), "", e.what);
        } catch (YamlEngineException e) {
            problems.add(Position.of(file), "", "is not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static String what(MarkedYamlEngineException e) {
        return (e.getContext() == null ? "" : e.getContext() + ", ") + e.getProblem();
    }

    private Setting root(Parser parser) {
        parser.next();
        Position start = new Position(file, 1, 1);
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return Setting.mapping(Way.ROOT, start, start, Map.of());
        }
        parser.next();
        Event first = parser.next();
        Setting root = setting(parser, first, Way.ROOT, position(first), 0);
        parser.next();
        if (!parser.checkEvent(Event.ID.StreamEnd)) {
            throw new ComposerException(
                    "has a second document", parser.peekEvent().getStartMark());
        }
        return root;
    }

    /** Reads on until the value that begins with this event is whole. */
    private Setting setting(Parser parser, Event event, Way way, Position keyAt, int depth) {
        if (event instanceof AliasEvent alias) {
            return moved(anchored(alias), way, keyAt, depth);
        }
        count(depth);
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        anchor.ifPresent(name -> anchors.put(name, Optional.empty()));
        Position at = position(event);
        Setting setting;
        if (event instanceof MappingStartEvent) {
            setting = Setting.mapping(way, at, keyAt, members(parser, way, depth));
        } else if (event instanceof SequenceStartEvent) {
            setting = Setting.list(way, at, keyAt, items(parser, way, depth));
        } else {
            setting = Setting.scalar(way, at, keyAt, scalar((ScalarEvent) event, way, at));
        }
        anchor.ifPresent(name -> anchors.put(name, Optional.of(setting)));
        return setting;
    }

    private List<Setting> items(Parser parser, Way way, int depth) {
        List<Setting> items = new ArrayList<>();
        for (Event event = parser.next(); !(event instanceof SequenceEndEvent); event = parser.next()) {
            items.add(setting(parser, event, way.to(items.size()), position(event), depth + 1));
        }
        return items;
    }

    private Map<String, Setting> members(Parser parser, Way way, int depth) {
        Map<String, Setting> members = new LinkedHashMap<>();
        for (Event event = parser.next(); !(event instanceof MappingEndEvent); event = parser.next()) {
            Position keyAt = position(event);
            Optional<String> key = key(parser, event, way, depth);
            Way member = key.map(way::to).orElse(way);
            Event value = parser.next();
            Setting setting = setting(parser, value, member, keyAt, depth + 1);
            if (key.isEmpty()) {
                problems.add(keyAt, way.toString(), "has a key that is a list or a mapping, must be text");
                continue;
            }
            Setting before = members.putIfAbsent(key.get(), setting);
            if (before != null) {
                problems.add(keyAt, member.toString(), "is given twice, first at " + before.keyAt());
            }
        }
        return members;
    }

    /** Keys are text, whatever they look like. */
    private Optional<String> key(Parser parser, Event event, Way way, int depth) {
        if (event instanceof ScalarEvent scalar && scalar.getAnchor().isEmpty()) {
            // The same few by the thousand.
            return Optional.of(keys.computeIfAbsent(scalar.getValue(), text -> text));
        }
        Setting key = setting(parser, event, way, position(event), depth + 1);
        return Optional.of(key.value()).filter(JsonNode::isValueNode).map(JsonNode::asString);
    }

    private Setting anchored(AliasEvent alias) {
        Optional<Setting> known = anchors.get(alias.getAlias());
        if (known == null) {
            throw new ComposerException("has no anchor " + alias.getAlias(), alias.getStartMark());
        }
        // Inside of what it stands for there is no end.
        return known.orElseThrow(Yaml::endless);
    }

    /** What stands behind an anchor as if it were written here: where it was written stays the place of its values. */
    private Setting moved(Setting setting, Way way, Position keyAt, int depth) {
        count(depth);
        if (setting.isMapping()) {
            Map<String, Setting> members = new LinkedHashMap<>();
            setting.members()
                    .forEach((key, member) -> members.put(key, moved(member, way.to(key), member.keyAt(), depth + 1)));
            return Setting.mapping(way, setting.at(), keyAt, members);
        }
        if (setting.isList()) {
            List<Setting> items = new ArrayList<>();
            setting.items().forEach(item -> items.add(moved(item, way.to(items.size()), item.keyAt(), depth + 1)));
            return Setting.list(way, setting.at(), keyAt, items);
        }
        return Setting.scalar(way, setting.at(), keyAt, setting.value());
    }

    private void count(int depth) {
        if (++nodes > MAX_NODES || depth > BoundedParser.MAX_DEPTH) {
            throw endless();
        }
    }

    private static TooMuch endless() {
        return new TooMuch("has more than " + MAX_NODES + " values or " + BoundedParser.MAX_DEPTH
                + " levels once its aliases are followed");
    }

    private JsonNode scalar(ScalarEvent event, Way way, Position at) {
        JsonNode text = JsonNodeFactory.instance.stringNode(event.getValue());
        Optional<String> tag = event.getTag().filter(some -> !some.equals("!"));
        if (tag.isEmpty()) {
            return event.getImplicit().canOmitTagInPlainScalar() ? plain(event.getValue()) : text;
        }
        if (!tag.get().equals(Tag.STR.getValue())) {
            problems.add(at, way.toString(), "has the tag " + tag.get() + ", must have none");
        }
        return text;
    }

    /** What JSON has beside text (YAML 1.2.2 section 10.2.1); numbers with a point are text here. */
    private static JsonNode plain(String text) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (text) {
            case "", "null" -> json.nullNode();
            case "true" -> json.booleanNode(true);
            case "false" -> json.booleanNode(false);
            // More digits than any setting takes, and costly to convert by the thousand: left as text, refused by
            // shape.
            default ->
                text.length() <= LONG_DIGITS && integer(text)
                        ? json.numberNode(new BigInteger(text))
                        : json.stringNode(text);
        };
    }

    /** Without zeros in front. */
    private static boolean integer(String text) {
        int first = text.charAt(0) == '-' ? 1 : 0;
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() == first + 1 || (text.length() > first && text.charAt(first) != '0');
    }

    private Position position(Event event) {
        return event.getStartMark().map(this::position).orElse(Position.of(file));
    }

    private Position position(Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** More than a bound allows; ends the reading of this document. */
    private static final class TooMuch extends RuntimeException {
        private final String what;

        TooMuch(String what) {
            super(what, null, false, false);
            this.what = what;
        }
    }
}
