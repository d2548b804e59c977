package io.postern.dns.names;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicSuffixesTest {

    private static final Pattern CASE = Pattern.compile("checkPublicSuffix\\((null|'[^']*'), (null|'[^']*')\\);");

    /** The list's own cases; null stands for no answer, and a name with a leading dot is none. */
    @Test
    void answersTheCasesOfTheList() throws IOException {
        List<String> lines;
        try (BufferedReader cases = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PublicSuffixesTest.class.getResourceAsStream("public-suffix-cases.txt")),
                UTF_8))) {
            lines = cases.lines()
                    .filter(line -> line.startsWith("checkPublicSuffix"))
                    .toList();
        }

        assertThat(lines).hasSizeGreaterThan(70).allSatisfy(line -> {
            Matcher matcher = CASE.matcher(line);
            assertThat(matcher.matches()).isTrue();
            assertThat(PublicSuffixes.shipped().registrable(text(matcher.group(1))))
                    .isEqualTo(text(matcher.group(2)));
        });
    }

    private static String text(String quoted) {
        return quoted.equals("null") ? "" : quoted.substring(1, quoted.length() - 1);
    }

    @ParameterizedTest(name = "{0} is of {1}")
    @CsvSource({
        "www.acme.co.uk,                    acme.co.uk",
        "www.acme.co.uk.,                   acme.co.uk",
        "acme.github.io,                    acme.github.io",
        "a.acme.github.io,                  acme.github.io",
        "worker.acme.workers.dev,           acme.workers.dev",
        "bucket.s3.amazonaws.com,           bucket.s3.amazonaws.com",
        "d1.cloudfront.net,                 d1.cloudfront.net",
        "_dmarc.acme.example,               acme.example",
        "host.acme.intern,                  acme.intern",
        "a.b.compute.amazonaws.com,         a.b.compute.amazonaws.com",
        "compute.amazonaws.com,             amazonaws.com",
    })
    void findsWhoseANameIs(String host, String domain) {
        assertThat(PublicSuffixes.shipped().registrable(host)).isEqualTo(domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "com",
                "localhost",
                "github.io",
                "192.0.2.1",
                "192.0.2.1.",
                "2001:db8::1",
                "[2001:db8::1]",
                "a..com",
                ".acme.com",
                "\uD800.com",
                "\u00e4.1"
            })
    void answersNothingForWhatHasNone(String host) {
        assertThat(PublicSuffixes.shipped().registrable(host)).isEmpty();
    }

    @Test
    void answersNothingForWhatIsNoName() {
        assertThat(PublicSuffixes.shipped().registrable("a.".repeat(200) + "com"))
                .isEmpty();
    }

    @Test
    void answersInTheFormItWasAsked() {
        assertThat(PublicSuffixes.shipped().registrable("www.食狮.公司.cn")).isEqualTo("食狮.公司.cn");
        assertThat(PublicSuffixes.shipped().registrable("www.xn--85x722f.xn--55qx5d.cn"))
                .isEqualTo("xn--85x722f.xn--55qx5d.cn");
        assertThat(PublicSuffixes.shipped().registrable("WWW.BÜCHER.example")).isEqualTo("bücher.example");
    }

    @Test
    void makesNoTextForAHostThatIsItsOwnDomain() {
        String host = "acme.example";

        assertThat(PublicSuffixes.shipped().registrable(host)).isSameAs(host);
        assertThat(PublicSuffixes.shipped().start("www." + host)).isEqualTo(4);
    }

    @Test
    void readsAListOfOnesOwn() throws IOException {
        PublicSuffixes list = PublicSuffixes.read(new StringReader("""
                // a comment
                corp
                *.branch.corp\tand a remark
                !head.branch.corp

                not a rule..
                """));

        assertThat(list.registrable("a.acme.corp")).isEqualTo("acme.corp");
        assertThat(list.registrable("x.a.b.branch.corp")).isEqualTo("a.b.branch.corp");
        assertThat(list.registrable("a.branch.corp")).isEmpty();
        assertThat(list.registrable("x.head.branch.corp")).isEqualTo("head.branch.corp");
        assertThat(list.registrable("a.co.uk")).isEqualTo("co.uk");
    }
}
