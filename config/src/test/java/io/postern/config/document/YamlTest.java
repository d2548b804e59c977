package io.postern.config.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {

    private final Problems problems = new Problems();

    @Test
    void knowsWhereEverythingStands() {
        Setting root = read("""
                # comment
                upstream:
                  idle-timeout: 5m
                  hosts: {"a.example": [192.0.2.1]}
                """);
        Setting host = root.member("upstream").member("hosts").member("a.example");

        assertThat(host.path()).isEqualTo("upstream.hosts[\"a.example\"]");
        assertThat(host.keyAt()).hasToString("f.yaml:4:11");
        assertThat(host.items().get(0).at()).hasToString("f.yaml:4:25");
        assertThat(host.items().get(0).path()).isEqualTo("upstream.hosts[\"a.example\"][0]");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "yes, \"yes\"",
        "010, \"010\"",
        "true, true",
        "-7, -7",
        "1.5, \"1.5\"",
        "2027-06-30, \"2027-06-30\"",
        "~, \"~\"",
        "null, null",
        "'', null",
        "'\"\"', \"\"",
        "-0, 0",
        "-x, \"-x\"",
        "!!str 7, \"7\"",
        "! 7, \"7\"",
        "99999999999999999999, \"99999999999999999999\"",
        "${HOME}, \"${HOME}\""
    })
    void readsScalarsAsJsonHasThem(String text, String json) {
        assertThat(read("k: " + text).member("k").value()).hasToString(json);
        assertThat(problems.none()).isTrue();
    }

    @Test
    void anEmptyFileIsAnEmptyMapping() {
        assertThat(read("# nothing\n").value()).hasToString("{}");
        assertThat(read("\uFEFF").value()).hasToString("{}");
    }

    @Test
    void followsAliases() {
        assertThat(read("a: &x [1]\nb: *x\n").value()).hasToString("{\"a\":[1],\"b\":[1]}");
    }

    @Test
    void whatIsBehindAnAliasStandsWhereItWasWritten() {
        Setting root = read("a: &x {k: [1]}\nb: *x\nc: &y s\n*y : 2\n");

        assertThat(root.member("b").member("k").items().get(0).path()).isEqualTo("b.k[0]");
        assertThat(root.member("b").member("k").items().get(0).at()).hasToString("f.yaml:1:12");
        assertThat(root.member("b").keyAt()).hasToString("f.yaml:2:1");
        assertThat(root.member("s").value()).hasToString("2");
        assertThat(problems.none()).isTrue();
    }

    @Test
    void tellsDuplicatesTagsAndOddKeysTogether() {
        read("a: 1\nb: !!binary AA==\na: 2\n[x]: 3\n");

        assertThat(lines())
                .containsExactly(
                        "f.yaml:2:4: b: has the tag tag:yaml.org,2002:binary, must have none",
                        "f.yaml:3:1: a: is given twice, first at f.yaml:1:1",
                        "f.yaml:4:1: has a key that is a list or a mapping, must be text");
    }

    @Test
    void refusesASecondDocument() {
        assertThat(refused("a: 1\n---\nb: 2\n")).startsWith("f.yaml:2:1: is not YAML: ");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThat(refused("a: [1\nb: 2")).startsWith("f.yaml:2:2: is not YAML: ");
        assertThat(refused("a: \"\\x\"")).startsWith("f.yaml:1:").contains("is not YAML");
        assertThat(refused("a: \u0007")).startsWith("f.yaml: is not YAML: ");
        assertThat(refused("a: *x")).startsWith("f.yaml:1:4: is not YAML: ");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThat(Yaml.read("f.yaml", new byte[] {'a', ':', (byte) 0xC3, 0x28}, problems))
                .isEmpty();
        assertThat(lines()).containsExactly("f.yaml: is not UTF-8");
    }

    @Test
    void boundsBytes() {
        assertThat(refused("#" + "x".repeat(Yaml.MAX_BYTES)))
                .isEqualTo("f.yaml: has 1048577 bytes, must have at most 1048576");
        assertThat(read("#" + "x".repeat(Yaml.MAX_BYTES - 1)).value()).hasToString("{}");
    }

    @Test
    void boundsDepth() {
        assertThat(refused("[".repeat(100_000))).isEqualTo("f.yaml:1:33: is not YAML: has more than 32 levels");
        assertThat(read("[".repeat(32) + "]".repeat(32)).value().isArray()).isTrue();
    }

    @Test
    void boundsWhatAliasesMultiply() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 25; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(refused(bomb.toString()))
                .isEqualTo("f.yaml: has more than 200000 values or 32 levels once its aliases are followed");
    }

    @Test
    void boundsAliasesAndTheirCircles() {
        assertThat(refused("a: &a x\nb: [" + "*a ,".repeat(101) + "]")).contains("has more than 100 aliases");
        assertThat(refused("a: &a [*a]")).contains("levels once its aliases are followed");
    }

    @Test
    void aProblemIsOneLine() {
        Problem problem = Problem.of(new Position("f.yaml", 1, 2), "a", "is 'x\n\u001b[31m'");

        assertThat(problem).hasToString("f.yaml:1:2: a: is 'x\\u000a\\u001b[31m'");
    }

    private Setting read(String text) {
        Optional<Setting> root = Yaml.read("f.yaml", text.getBytes(UTF_8), problems);
        return root.orElseThrow(() -> new AssertionError(lines()));
    }

    private String refused(String text) {
        Problems own = new Problems();
        assertThat(Yaml.read("f.yaml", text.getBytes(UTF_8), own)).isEmpty();
        return own.sorted().get(0).toString();
    }

    private List<String> lines() {
        return problems.sorted().stream().map(Problem::toString).toList();
    }
}
