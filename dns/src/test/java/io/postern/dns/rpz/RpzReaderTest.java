package io.postern.dns.rpz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.Listed;
import io.postern.wire.ip.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Response policy zones as their makers write them. */
class RpzReaderTest {

    private static final String HEAD = """
            $TTL 2h ; two hours
            $ORIGIN rpz.example.
            @ IN SOA ns.example. hostmaster.example. (
                  2026112201 ; serial
                  1h 15m 30d 2h )
              IN NS localhost.
            """;

    /** Takes down what it is told. */
    private static final class Notes implements RpzReader.Sink {
        private final List<String> all = new ArrayList<>();

        @Override
        public void name(DomainPattern pattern, Listed listed) {
            all.add(pattern + " " + listed.told()
                    + (listed.addresses().isEmpty()
                            ? ""
                            : " " + listed.addresses().get(0).getHostAddress()));
        }

        @Override
        public void address(Prefix prefix, Listed listed) {
            all.add(prefix + " " + listed.told());
        }

        @Override
        public void client(Prefix prefix, Listed listed) {
            all.add("from " + prefix + " " + listed.told());
        }

        @Override
        public void skipped(int line, String why) {
            all.add(line + ": " + why);
        }
    }

    private static List<String> read(String zone) {
        Notes notes = new Notes();
        assertThat(RpzReader.read(zone.getBytes(UTF_8), 1_000, notes)).isEqualTo(notes.all.size());
        return notes.all;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bad.example CNAME .                                | bad.example NXDOMAIN
            *.bad.example CNAME .                              | *.bad.example NXDOMAIN
            BAD.example 300 IN CNAME *.                        | bad.example NODATA
            bad.example IN 1h30m CNAME rpz-passthru.           | bad.example PASSTHRU
            bad.example CNAME bad.example.                     | bad.example PASSTHRU
            bad.example CNAME RPZ-DROP.                        | bad.example DROP
            bad.example CNAME garden.example.                  | bad.example AS_SET
            bad.example A 192.0.2.9                            | bad.example ADDRESSES 192.0.2.9
            bad.example AAAA 2001:db8::9                       | bad.example ADDRESSES 2001:db8:0:0:0:0:0:9
            bad.example TXT "blocked ; (really) \\" yes"       | bad.example AS_SET
            bad.example.rpz.example. CNAME .                   | bad.example NXDOMAIN
            24.0.2.0.192.rpz-ip CNAME .                        | 192.0.2.0/24 NXDOMAIN
            32.1.2.0.192.rpz-ip CNAME rpz-passthru.            | 192.0.2.1/32 PASSTHRU
            48.zz.1.db8.2001.rpz-ip CNAME .                    | 2001:db8:1::/48 NXDOMAIN
            128.9.zz.db8.2001.rpz-ip CNAME .                   | 2001:db8::9/128 NXDOMAIN
            bad.example CNAME rpz-tcp-only.                    | 7: has an action that is not read
            bad.example A 192.0.2                              | 7: has an action that is not read
            bad.example A 2001:db8::9                          | 7: has an action that is not read
            bad.example                                        | 7: is no record
            ns.bad.example.rpz-nsdname CNAME .                 | 7: has the trigger rpz-nsdname, of a zone's servers, which are not seen here
            32.1.2.0.192.rpz-nsip CNAME .                      | 7: has the trigger rpz-nsip, of a zone's servers, which are not seen here
            24.0.2.0.192.rpz-ip A 198.51.100.9                 | 192.0.2.0/24 ADDRESSES
            32.1.2.0.192.rpz-client-ip CNAME .                 | from 192.0.2.1/32 NXDOMAIN
            0.0.0.0.0.rpz-client-ip CNAME rpz-drop.            | from 0.0.0.0/0 DROP
            0.zz.rpz-client-ip CNAME rpz-passthru.             | from ::/0 PASSTHRU
            32.1.2.0.192.rpz-client-ip CNAME rpz-tcp-only.     | 7: has an action that is not read
            bad.example.rpz-client-ip CNAME .                  | 7: is not a prefix as rpz-ip writes them
            300.1.2.0.192.rpz-ip CNAME .                       | 7: is not a prefix as rpz-ip writes them
            bad.elsewhere. CNAME .                             | 7: is of a name outside the zone
            b\\000d.example CNAME .                            | 7: is not the name of a host
            $INCLUDE /etc/shadow                               | 7: is a directive that is not read
            bad.example TXT "open                              | 7: has a quote or a parenthesis that is not closed
            bad.example CNAME ) .                              | 7: has a quote or a parenthesis that is not closed
            """)
    void readsAnEntry(String line, String read) {
        assertThat(read(HEAD + line + "\n")).containsExactly(read);
    }

    @Test
    void goesOnAfterWhatItCannotRead() {
        assertThat(read(HEAD
                        + "broken ) CNAME .\nbad.example CNAME .\n  A 192.0.2.9 ; nobody mixes\nlast.example CNAME ."))
                .containsExactly(
                        "7: has a quote or a parenthesis that is not closed",
                        "bad.example NXDOMAIN",
                        "bad.example ADDRESSES 192.0.2.9",
                        "last.example NXDOMAIN");
    }

    @Test
    void aZoneWithoutOriginIsNamedByItsSoa() {
        assertThat(read("rpz.local. 60 IN SOA a. b. 1 2 3 4 5\nbad.example.rpz.local. CNAME .\n"))
                .containsExactly("bad.example NXDOMAIN");
    }

    @Test
    void aParenthesisThatIsNeverClosedTakesNothingWithIt() {
        assertThat(read(HEAD + "bad.example CNAME ( .\n"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("7: has a quote");
    }

    @Test
    void moreLinesThanMayBeAreNotRead() {
        assertThat(RpzReader.read("bad.example CNAME .\n".repeat(1_002).getBytes(UTF_8), 1_000, new Notes()))
                .isNegative();
    }
}
