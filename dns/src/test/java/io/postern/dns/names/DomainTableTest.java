package io.postern.dns.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTableTest {

    @ParameterizedTest(name = "{0} for {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            acme.example    | acme.example      | true
            acme.example    | www.acme.example  | false
            acme.example    | example           | false
            *.acme.example  | acme.example      | false
            *.acme.example  | www.acme.example  | true
            *.acme.example  | a.b.acme.example  | true
            *.acme.example  | badacme.example   | false
            .acme.example   | acme.example      | true
            .acme.example   | www.acme.example  | true
            .acme.example   | badacme.example   | false
            .Acme.Example.  | WWW.aCME.example. | true
            .acme.example   | acme.example..    | false
            .acme.example   | .acme.example     | true
            """)
    void reachesWhatItsFormSays(String pattern, String name, boolean holds) {
        assertThat(table(pattern).find(name) != null).isEqualTo(holds);
    }

    @Test
    void prefersTheMostSpecificPattern() {
        DomainTable<String> table = table(".example", "*.acme.example", "www.acme.example", ".www.acme.example");

        assertThat(table.find("www.acme.example")).isEqualTo("www.acme.example+.www.acme.example");
        assertThat(table.find("a.www.acme.example")).isEqualTo(".www.acme.example");
        assertThat(table.find("mail.acme.example")).isEqualTo("*.acme.example");
        assertThat(table.find("acme.example")).isEqualTo(".example");
        assertThat(table.find("example.org")).isNull();
    }

    @Test
    void handsOverEveryPatternThatHolds() {
        List<String> seen = new ArrayList<>();
        table(".example", "*.acme.example", "www.acme.example", "acme.example").forEach("www.acme.example", seen::add);

        assertThat(seen).containsExactly(".example", "*.acme.example", "www.acme.example");
    }

    @Test
    void matchesNothingLongerThanAName() {
        String label = "a".repeat(60);
        String long240 = String.join(".", label, label, label, "b".repeat(57));
        DomainTable<String> table = table(".example");

        assertThat(long240.length() + ".example".length()).isLessThanOrEqualTo(253);
        assertThat(table.find(long240 + ".example")).isEqualTo(".example");
        assertThat(table.find(long240 + "x".repeat(10) + ".example")).isNull();
        assertThat(table.find("")).isNull();
        assertThat(table.find(".")).isNull();
    }

    /** Thousands of random patterns and names over a small alphabet, against the plain reading of the three forms. */
    @Test
    void agreesWithStringComparison() {
        Random random = new Random(1);
        List<DomainPattern> patterns = Stream.generate(
                        () -> List.of("", ".", "*.").get(random.nextInt(3)) + name(random))
                .limit(3_000)
                .map(text -> DomainPattern.parse(text).orElseThrow())
                .distinct()
                .toList();
        DomainTable.Builder<DomainPattern> builder = DomainTable.builder((first, second) -> second);
        patterns.forEach(pattern -> builder.add(pattern, pattern));
        DomainTable<DomainPattern> table = builder.build();

        for (int i = 0; i < 20_000; i++) {
            String name = name(random);
            List<DomainPattern> expected = patterns.stream()
                    .filter(pattern -> holds(pattern, name))
                    .sorted(Comparator.comparingInt(pattern -> pattern.suffix().length()))
                    .toList();
            Optional<DomainPattern> found = Optional.ofNullable(table.find(name));
            Optional<String> longest = expected.isEmpty()
                    ? Optional.empty()
                    : Optional.of(expected.get(expected.size() - 1).suffix());

            assertThat(found.map(DomainPattern::suffix)).as(name).isEqualTo(longest);
            assertThat(found.stream()).as(name).allMatch(pattern -> holds(pattern, name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "*",
                "*.",
                "a..b",
                "..a",
                "*.*.a",
                "a.*.b",
                "*a.b",
                "a b",
                "a/b",
                "münchen.example",
                "1.2.3.4",
                "[::1]",
                "a:80",
                "192.0.2.0/24",
                "a.example..",
                "a\u0000.example",
                "a.443"
            })
    void refusesWhatIsNoPattern(String text) {
        assertThat(DomainPattern.parse(text)).isEmpty();
    }

    @Test
    void boundsLabelsAndNames() {
        assertThat(DomainPattern.parse("a".repeat(63) + ".example")).isPresent();
        assertThat(DomainPattern.parse("a".repeat(64) + ".example")).isEmpty();
        assertThat(DomainPattern.parse("*." + "a.".repeat(126) + "b")).isPresent();
        assertThat(DomainPattern.parse("*." + "a.".repeat(126) + "bc")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme.example", "*.acme.example", ".acme.example", "_dmarc.xn--bcher-kva.example"})
    void writesWhatItReads(String text) {
        assertThat(DomainPattern.parse(text).orElseThrow()).hasToString(text);
    }

    private static boolean holds(DomainPattern pattern, String name) {
        boolean same = name.equals(pattern.suffix());
        boolean under = name.endsWith("." + pattern.suffix());
        return switch (pattern.reach()) {
            case EXACT -> same;
            case BELOW -> under;
            case EXACT_AND_BELOW -> same || under;
        };
    }

    private static String name(Random random) {
        return String.join(
                ".",
                Stream.generate(() ->
                                String.valueOf((char) ('a' + random.nextInt(3))).repeat(1 + random.nextInt(2)))
                        .limit(1 + random.nextInt(6))
                        .toList());
    }

    private static DomainTable<String> table(String... patterns) {
        DomainTable.Builder<String> builder = DomainTable.builder((first, second) -> first + "+" + second);
        for (String pattern : patterns) {
            DomainPattern parsed = DomainPattern.parse(pattern).orElseThrow();
            builder.add(parsed, parsed.toString().toLowerCase(Locale.ROOT));
        }
        return builder.build();
    }
}
