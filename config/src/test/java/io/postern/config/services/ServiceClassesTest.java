package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.names.DomainPattern;
import io.postern.wire.ip.SpecialPurpose;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceClassesTest {

    private static final Path SHIPPED = Path.of("src/main/resources/io/postern/config/services/service-classes.tsv");
    private static final Path MAPPING = Path.of("src/main/resources/io/postern/config/services/mapping.tsv");
    private static final int MAX_BYTES = 3 << 19;

    /** With the sources' folder of lists given, makes the shipped list again. */
    @Test
    @EnabledIfSystemProperty(named = "postern.service-classes", matches = ".+")
    void makesTheShippedList() throws IOException {
        DomainSources sources = new DomainSources(Path.of(System.getProperty("postern.service-classes")));
        String made = ServiceClassList.of(
                Files.readAllLines(MAPPING, UTF_8),
                sources,
                "v2fly/domain-list-community at commit c975cce (MIT, see service-classes.LICENSE), and our own",
                LocalDate.of(2026, 11, 21));

        assertThat(made.getBytes(UTF_8)).hasSizeLessThan(MAX_BYTES);
        Files.writeString(SHIPPED, made, UTF_8);
    }

    @Test
    void theShippedListNamesKnownClassesAndReadablePatterns() throws IOException {
        List<String> lines = Files.readAllLines(SHIPPED, UTF_8).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        Set<String> classes = new TreeSet<>();
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            classes.addAll(List.of(fields[0].split(",", -1)));
            assertThat(DomainPattern.parse(fields[1])).as(line).isPresent();
        }

        Set<String> listed = new TreeSet<>(ServiceClasses.NAMES);
        listed.remove(ServiceClasses.GENERIC);
        assertThat(classes).isEqualTo(listed);
        assertThat(lines).hasSizeGreaterThan(2_500).doesNotHaveDuplicates();
    }

    @Test
    void everyMappingSaysWhy() throws IOException {
        assertThat(Files.readAllLines(MAPPING, UTF_8).stream().filter(line -> !line.isBlank() && !line.startsWith("#")))
                .allSatisfy(line -> assertThat(line.split("\t", -1)).hasSize(3).doesNotContain(""));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(textBlock = """
            www.dropbox.com,                 cloud-storage
            content.dropboxapi.com,          cloud-storage
            drive.google.com,                cloud-storage
            www.facebook.com,                social
            graph.facebook.com,              sdk-analytics
            x.com,                           social
            web.telegram.org,                messaging
            app.slack.com,                   collaboration
            raw.githubusercontent.com,       code-hosting
            pastebin.com,                    paste
            MTALK.google.com.,               push
            fcm.googleapis.com,              push
            d111.cloudfront.net,             cdn
            project.firebaseio.com,          app-backend
            bucket.s3.eu-west-1.amazonaws.com, app-backend
            accounts.google.com,             login
            update.crashlytics.com,          sdk-analytics
            ad.doubleclick.net,              sdk-ads
            play.google.com,                 app-store
            connectivitycheck.gstatic.com,   connectivity-check
            dns.google,                      doh-resolver
            www.acme.example,                generic-https
            com,                             generic-https
            """)
    void knowsTheUsualNames(String host, String serviceClass) {
        assertThat(ServiceClasses.shipped().of(host)).containsExactly(serviceClass);
    }

    /** Of the world, or a rule would never meet them; and of classes that there are. */
    @Test
    void publicResolversAreKnownByAddress() throws IOException {
        ServiceAddresses addresses = ServiceAddresses.shipped();
        assertThat(addresses.all()).hasSizeBetween(50, 200).allSatisfy(address -> {
            assertThat(SpecialPurpose.of(address)).isEmpty();
            assertThat(ServiceClasses.NAMES).containsAll(addresses.of(address));
        });
        assertThat(addresses.of(InetAddress.getByName("9.9.9.9"))).containsExactly("doh-resolver");
        assertThat(addresses.of(InetAddress.getByName("192.0.2.1"))).isEmpty();
        assertThat(addresses.areOf(List.of("push", "doh-resolver"))).isTrue();
        assertThat(addresses.areOf(List.of("push"))).isFalse();
    }

    @Test
    void aNameMayHaveSeveralClasses() {
        assertThat(ServiceClasses.shipped().of("gist.github.com")).containsExactly("code-hosting", "paste");
    }

    @Test
    void aPolicyAddsItsOwn() {
        ServiceClasses classes = ServiceClasses.shipped()
                .with(Map.of("intranet", List.of("*.acme.example"), "social", List.of("www.dropbox.com")));

        assertThat(classes.of("wiki.acme.example")).containsExactly("intranet");
        assertThat(classes.of("www.dropbox.com")).containsExactly("cloud-storage", "social");
        assertThat(classes.of("other.example")).containsExactly("generic-https");
        assertThat(ServiceClasses.shipped().of("wiki.acme.example")).containsExactly("generic-https");
    }
}
