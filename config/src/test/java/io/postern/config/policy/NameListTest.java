package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Reading;
import io.postern.config.grammar.Addresses;
import io.postern.dns.names.Listed;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Feeds as others write them. */
class NameListTest {

    private static final String FEED = """
            # a feed of three kinds
            bad.example
            *.worse.example   # everything below
            .both.example
            UPPER.Example.
            198.51.100.0/24
            192.0.2.7
            2001:db8::/32

            127.0.0.1 localhost
            0.0.0.0 0.0.0.0
            0.0.0.0 hosts.example www.hosts.example\r
            ::1 ip6-localhost six.example
            """;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "bad.example, true",
        "www.bad.example, false",
        "worse.example, false",
        "a.worse.example, true",
        "both.example, true",
        "a.both.example, true",
        "upper.example, true",
        "hosts.example, true",
        "www.hosts.example, true",
        "six.example, true",
        "localhost, false",
    })
    void hasTheNamesOfItsLines(String name, boolean listed) throws IOException {
        assertThat(list(FEED, "").has(name)).isEqualTo(listed);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"198.51.100.9, true", "198.51.101.9, false", "192.0.2.7, true", "192.0.2.8, false", "2001:db8::5, true"
    })
    void hasTheAddressesOfItsLines(String address, boolean listed) throws IOException {
        assertThat(list(FEED, "").has(Addresses.address(address).orElseThrow())).isEqualTo(listed);
    }

    @Test
    void aPlainNameStandsForThoseBelowWhereAskedTo() throws IOException {
        NameList list = list(FEED, ", subdomains: true");

        assertThat(list.has("bad.example")).isTrue();
        assertThat(list.has("www.bad.example")).isTrue();
        assertThat(list.has("worse.example")).isFalse();
    }

    /** A zone says what is told, and makes exceptions within itself. */
    @Test
    void readsAResponsePolicyZone() throws IOException {
        NameList list = list("""
                $ORIGIN rpz.local.
                @ 1h SOA localhost. root.localhost. 1 1h 15m 30d 2h
                bad.example CNAME .
                *.bad.example CNAME *.
                ok.bad.example CNAME rpz-passthru.
                ads.example A 192.0.2.9
                ads.example A 192.0.2.10
                24.0.100.51.198.rpz-ip CNAME .
                32.7.100.51.198.rpz-ip CNAME rpz-passthru.
                """, ", format: rpz");

        assertThat(list.find("bad.example").map(Listed::told)).contains(Listed.Told.NXDOMAIN);
        assertThat(list.find("x.bad.example").map(Listed::told)).contains(Listed.Told.NODATA);
        assertThat(list.has("ok.bad.example")).isFalse();
        assertThat(list.find("ads.example").orElseThrow().addresses())
                .extracting(address -> address.getHostAddress())
                .containsExactly("192.0.2.9", "192.0.2.10");
        assertThat(list.has(Addresses.address("198.51.100.9").orElseThrow())).isTrue();
        assertThat(list.has(Addresses.address("198.51.100.7").orElseThrow())).isFalse();
    }

    private static final String TRIGGERS = """
            $ORIGIN rpz.local.
            @ 1h SOA localhost. root.localhost. 1 1h 15m 30d 2h
            named.example CNAME .
            spared.example CNAME rpz-passthru.
            26.64.2.0.192.rpz-ip CNAME *.
            32.67.2.0.192.rpz-ip CNAME rpz-passthru.
            30.68.2.0.192.rpz-ip A 198.51.100.9
            32.64.2.0.192.rpz-ip CNAME rpz-drop.
            64.zz.db8.2001.rpz-ip CNAME .
            24.0.0.77.10.rpz-client-ip CNAME rpz-drop.
            32.9.0.77.10.rpz-client-ip CNAME rpz-passthru.
            """;

    /** Who asks comes before the name, that before where it leads, and an exception spares what comes after. */
    @ParameterizedTest(name = "{0} asks for {1} at {2}: {3}")
    @CsvSource({
        "192.0.2.1, other.example, , ",
        "192.0.2.1, other.example, 192.0.2.1, ",
        "192.0.2.1, other.example, 192.0.2.65, NODATA",
        "192.0.2.1, other.example, 192.0.2.67, ",
        "192.0.2.1, other.example, 192.0.2.64, DROP",
        "192.0.2.1, other.example, 192.0.2.69, ADDRESSES",
        "192.0.2.1, other.example, 192.0.2.1 192.0.2.65, NODATA",
        "192.0.2.1, other.example, 192.0.2.65 192.0.2.69, ADDRESSES",
        "192.0.2.1, other.example, 192.0.2.67 192.0.2.64, DROP",
        "192.0.2.1, other.example, 2001:db8::7, NXDOMAIN",
        "192.0.2.1, other.example, 2001:db8::7 192.0.2.65, NODATA",
        "192.0.2.1, named.example, 192.0.2.65, NXDOMAIN",
        "192.0.2.1, spared.example, 192.0.2.65, ",
        "10.77.0.1, other.example, , DROP",
        "10.77.0.1, spared.example, , DROP",
        "10.77.0.9, named.example, 192.0.2.65, ",
    })
    void aZoneSaysOneThingOfAQuestion(String client, String name, @Nullable String answers, Listed.@Nullable Told told)
            throws IOException {
        List<InetAddress> leading = Stream.ofNullable(answers)
                .flatMap(text -> Stream.of(text.split(" ")))
                .map(text -> Addresses.address(text).orElseThrow())
                .toList();

        assertThat(list(TRIGGERS, ", format: rpz")
                        .find(Addresses.address(client).orElseThrow(), name, List.of(), leading)
                        .map(Listed::told))
                .isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void ofAnswersOnlyZonesSpeak() throws IOException {
        NameList list = list(FEED, "");

        assertThat(list.hasAddresses()).isTrue();
        assertThat(list.hasAnswers()).isFalse();
        InetAddress listed = Addresses.address("192.0.2.7").orElseThrow();
        assertThat(list.find(listed, "other.example", List.of("bad.example"), List.of(listed)))
                .isEmpty();
    }

    /** A flow is held by the same order; what a client claims spares nothing. */
    @ParameterizedTest(name = "{0} to {1}, claims {2}, at {3}: {4}")
    @CsvSource({
        ", other.example, , 192.0.2.65, true",
        ", , , 192.0.2.67, false",
        ", spared.example, , 192.0.2.65, false",
        ", , spared.example, 192.0.2.65, true",
        ", spared.example, named.example, 192.0.2.65, true",
        ", , named.example, , true",
        "10.77.0.1, other.example, , 192.0.2.1, true",
        "10.77.0.9, named.example, named.example, 192.0.2.65, false",
    })
    void aFlowIsOnAZone(
            @Nullable String client,
            @Nullable String verified,
            @Nullable String claimed,
            @Nullable String address,
            boolean on)
            throws IOException {
        assertThat(list(TRIGGERS, ", format: rpz")
                        .has(
                                Optional.ofNullable(client).flatMap(Addresses::address),
                                Optional.ofNullable(verified),
                                Optional.ofNullable(claimed),
                                Optional.ofNullable(address).flatMap(Addresses::address)))
                .isEqualTo(on);
    }

    @Test
    void aZoneTellsWhatItSkipsByItsPlace() throws IOException {
        write("feed", "a.example CNAME .\n".repeat(20) + "b.example CNAME rpz-tcp-only.\n");
        Reading<Policy> reading = read(", format: rpz");

        assertThat(reading.warnings()).hasSize(1);
        assertThat(reading.warnings().get(0).toString())
                .endsWith("feed:21:1: has an action that is not read, and is skipped");
    }

    @Test
    void aPageOfAnErrorIsNoZone() throws IOException {
        write("feed", "<html>\n<body>not found</body>\n</html>\n");

        assertThat(read(", format: rpz").problems())
                .hasSize(1)
                .first()
                .asString()
                .contains("feed is not a list");
        write("feed", "$ORIGIN rpz.local.\n@ SOA a. b. 1 2 3 4 5\n");
        assertThat(read(", format: rpz").problems())
                .hasSize(1)
                .first()
                .asString()
                .contains("holds no name");
    }

    @Test
    void tellsWhatItSkipsAndHowMuch() throws IOException {
        String good = lines(200, "good", ".example");
        write("feed", good + lines(12, "bad name ", "") + "last.example\n");
        Reading<Policy> reading = read("");

        assertThat(list(reading).entries()).isEqualTo(201);
        assertThat(reading.warnings()).hasSize(11);
        assertThat(reading.warnings().get(0).toString()).endsWith("feed: 12 lines of 213 are skipped, 10 of them told");
        assertThat(reading.warnings().get(1).toString())
                .endsWith("feed:201:1: is neither a name nor an address, and is skipped");
    }

    /** Whoever sends a policy must not have the gateway read a file to them, be it one named by mistake. */
    @Test
    void neverTellsWhatItsLinesHold() throws IOException {
        write("key", "-----BEGIN PRIVATE KEY-----\nTOP SECRET\n" + lines(200, "good", ".example"));
        byte[] document = "service-classes: {y: {files: key}}\nlists: {l: {files: key}}\n".getBytes(UTF_8);
        Reading<Policy> reading =
                PolicyReader.read(document, folder.resolve("policy.yaml"), any -> true, Clock.systemUTC());

        assertThat(reading.problems()).hasSize(2);
        assertThat(reading.warnings()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(reading.problems() + " " + reading.warnings()).doesNotContain("SECRET", "BEGIN");
    }

    @Test
    void opensNoFileThatASentDocumentMayNotName() throws IOException {
        write("key", "good.example\n");
        write("feed", "good.example\n");
        byte[] document =
                "service-classes: {y: {files: [key, feed]}}\nlists: {l: {files: [feed, ./key, /etc/passwd]}}\n"
                        .getBytes(UTF_8);
        Reading<Policy> reading = PolicyReader.read(
                document,
                folder.resolve("policy.yaml"),
                folder.resolve("feed").toAbsolutePath()::equals,
                Clock.systemUTC());

        assertThat(reading.problems())
                .hasSize(3)
                .allSatisfy(
                        problem -> assertThat(problem.toString())
                                .endsWith(
                                        "may not be opened, must be in the gateway's own folder or named by the policy in force"));
    }

    @Test
    void thePolicyKnowsWhichFilesItIsMadeOf() throws IOException {
        write("feed", FEED);

        assertThat(read("").value().orElseThrow().files())
                .containsExactly(folder.resolve("feed").toAbsolutePath());
    }

    /** A feed that is empty today would lift every rule about it. */
    @Test
    void refusesAFileWithNothingInItUnlessItMayBe() throws IOException {
        write("feed", "# nothing\n\n");

        assertThat(read("").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .endsWith("feed holds no name and no address; say allow-empty: true if that may be"));
        assertThat(list(read(", allow-empty: true")).entries()).isZero();
    }

    /** What a failed download leaves behind must not take the place of the list. */
    @Test
    void refusesWhatIsNoList() throws IOException {
        write("feed", "<!doctype html>\n<html><head><title>Not found</title></head>\n</html>\n");
        Reading<Policy> reading = read("");

        assertThat(reading.value()).isEmpty();
        assertThat(reading.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("policy.yaml:1:20: lists.l.files: ")
                        .endsWith("feed is not a list: 3 of 3 lines are neither a name nor an address"));
    }

    @Test
    void refusesMoreThanItsBounds() throws IOException {
        write("feed", "\n".repeat(NameListParser.MAX_LINES + 1));

        assertThat(read("").problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).endsWith("feed has too many lines, must have at most 2000000"));
        write("feed", "a".repeat(NameLists.MAX_BYTES + 1));
        assertThat(read("").problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).endsWith("feed is too long, must have at most 67108864 bytes"));
    }

    /** As many as large public feeds have. */
    @Test
    void takesAMillionNames() throws IOException {
        NameList list = list(lines(1_000_000, "host", ".example"), "");

        assertThat(list.entries()).isEqualTo(1_000_000);
        assertThat(list.has("host999999.example")).isTrue();
        assertThat(list.has("host1000000.example")).isFalse();
    }

    private static String lines(int count, String before, String after) {
        return IntStream.range(0, count)
                .mapToObj(i -> before + i + after + "\n")
                .collect(Collectors.joining());
    }

    private NameList list(String feed, String more) throws IOException {
        write("feed", feed);
        Reading<Policy> reading = read(more);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.warnings()).isEmpty();
        return list(reading);
    }

    private static NameList list(Reading<Policy> reading) {
        return Objects.requireNonNull(reading.value().orElseThrow().lists().get("l"));
    }

    private Reading<Policy> read(String more) throws IOException {
        write(
                "policy.yaml",
                "lists: {l: {files: feed" + more + "}}\n" + "rules: [{name: r, when: {list: l}, action: block}]\n");
        return PolicyReader.read(List.of("policy.yaml"), folder);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text, UTF_8);
    }
}
