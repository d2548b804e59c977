package io.postern.config.document;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
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
            Composer composer = new Composer(settings, new BoundedParser(new ParserImpl(settings, reader)));
            Position start = new Position(file, 1, 1);
            return Optional.of(composer.getSingleNode()
                    .map(root -> setting(root, "", position(root), position(root), 0))
                    .orElseGet(() -> Setting.mapping("", start, start, Map.of())));
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

    private Setting setting(Node node, String path, Position at, Position keyAt, int depth) {
        if (++nodes > MAX_NODES || depth > BoundedParser.MAX_DEPTH) {
            throw new TooMuch("has more than " + MAX_NODES + " values or " + BoundedParser.MAX_DEPTH
                    + " levels once its aliases are followed");
        }
        if (node instanceof MappingNode mapping) {
            return Setting.mapping(path, at, keyAt, members(mapping, path, depth));
        }
        if (node instanceof SequenceNode sequence) {
            List<Setting> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                Position itemAt = position(item);
                items.add(setting(item, Setting.join(path, items.size()), itemAt, itemAt, depth + 1));
            }
            return Setting.list(path, at, keyAt, items);
        }
        return Setting.scalar(path, at, keyAt, scalar((ScalarNode) node, path, at));
    }

    private Map<String, Setting> members(MappingNode mapping, String path, int depth) {
        Map<String, Setting> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Position keyAt = position(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyAt, path, "has a key that is a list or a mapping, must be text");
                continue;
            }
            String memberPath = Setting.join(path, key.getValue());
            Node value = tuple.getValueNode();
            Setting before = members.get(key.getValue());
            if (before != null) {
                problems.add(keyAt, memberPath, "is given twice, first at " + before.keyAt());
                continue;
            }
            members.put(key.getValue(), setting(value, memberPath, position(value), keyAt, depth + 1));
        }
        return members;
    }

    private JsonNode scalar(ScalarNode node, String path, Position at) {
        String text = node.getValue();
        Tag tag = node.getTag();
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (tag.equals(Tag.NULL)) {
            return json.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return json.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT)) {
            // More digits than any setting takes, and costly to convert by the thousand: left as text, refused by
            // shape.
            return text.length() > LONG_DIGITS ? json.stringNode(text) : json.numberNode(new BigInteger(text));
        }
        if (tag.equals(Tag.FLOAT)) {
            return json.stringNode(text);
        }
        if (!tag.equals(Tag.STR) && !tag.equals(Tag.ENV_TAG)) {
            problems.add(at, path, "has the tag " + tag.getValue() + ", must have none");
        }
        return json.stringNode(text);
    }

    private Position position(Node node) {
        return node.getStartMark().map(this::position).orElse(Position.of(file));
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
