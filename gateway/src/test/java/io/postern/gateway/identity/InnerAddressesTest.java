package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.document.Reading;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InnerAddressesTest {

    private static final String HEADER = "address,device,profile,app,proof\n";

    @Test
    void theLongestPrefixSaysWhose() throws UnknownHostException {
        InnerAddresses addresses =
                InnerAddresses.parse("a.csv", HEADER + """
                        10.77.0.0/24,LC01,work,-,address

                        # one app is in this tunnel
                        10.77.0.2,LC02,10,com.acme.mail,tunnel-key
                        fd77::/64,LC03,work,-
                        """).value().orElseThrow();
        assertThat(addresses.size()).isEqualTo(3);
        assertThat(found(addresses, "10.77.0.2"))
                .contains(new AppTag(
                        "LC02", "10", "com.acme.mail", DeviceAssurance.TUNNEL_KEY, AppAssurance.DEVICE_ASSERTED));
        assertThat(found(addresses, "10.77.0.3"))
                .contains(new AppTag("LC01", "work", "-", DeviceAssurance.ADDRESS, AppAssurance.NONE));
        assertThat(found(addresses, "fd77::1").map(AppTag::device)).contains("LC03");
        assertThat(found(addresses, "10.78.0.2")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.77.0.2,LC01,work                       | has 3 fields, must have 4 or 5
            10.77.0.2,LC01,work,-,mtls-bound          | 'mtls-bound' is not a proof, must be tunnel-key or address
            10.77.0.2,LC 01,work,-,address            | 'LC 01' is not a device id
            10.77.0.2,-,work,-,address                | '-' is not a device id
            10.77.0.2,LC01,wo rk,-,address            | 'wo rk' is not a profile
            10.77.0.2,LC01,work,com acme,address      | 'com acme' is not a package, must be one, 2 to 16 of one UID, or -
            10.77.0.2,LC01,work,com.b+com.b,address   | 'com.b+com.b' is not a package, must be one, 2 to 16 of one UID, or -
            10.77.0,LC01,work,-,address               | '10.77.0' is not a prefix, must be an IP address or ADDRESS/LENGTH
            10.77.0.2/24,LC01,work,-,address          | has bits beyond its length, must be 10.77.0.0/24
            """)
    void everyLineThatIsWrongIsTold(String line, String rule) {
        Reading<InnerAddresses> reading =
                InnerAddresses.parse("a.csv", HEADER + "10.77.1.1,LC01,work,-,address\n" + line + "\n");
        assertThat(reading.value()).isEmpty();
        assertThat(reading.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("a.csv:3:1: identity.addresses-file: ")
                        .endsWith(rule));
    }

    @Test
    void onePlaceMayBeOfSeveralPackagesOfOneUid() throws UnknownHostException {
        InnerAddresses addresses = InnerAddresses.parse(
                        "a.csv", HEADER + "10.77.0.2,LC01,work,com.b+com.a,tunnel-key\n")
                .value()
                .orElseThrow();
        assertThat(found(addresses, "10.77.0.2"))
                .contains(
                        new AppTag("LC01", "work", "com.a+com.b", DeviceAssurance.TUNNEL_KEY, AppAssurance.SHARED_UID));
    }

    @Test
    void nothingIsSaidTwiceOrWithoutItsHeader() {
        String line = "10.77.0.2,LC01,work,-,address\n";
        assertThat(InnerAddresses.parse("a.csv", HEADER + line + line.replace("LC01", "LC02"))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .isEqualTo("a.csv:3:1: identity.addresses-file: 10.77.0.2 is there twice"));
        assertThat(InnerAddresses.parse("a.csv", line).problems()).hasSize(1);
        assertThat(InnerAddresses.parse("a.csv", "").problems()).hasSize(1);
    }

    private static Optional<AppTag> found(InnerAddresses addresses, String address) throws UnknownHostException {
        return addresses.find(InetAddress.getByName(address)).map(AddressOwner::tag);
    }
}
