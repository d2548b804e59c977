package io.postern.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.names.PublicSuffixes;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PersonalNamesTest {

    private static String less(String record) {
        return new PersonalNames(PublicSuffixes.shipped()::registrable)
                .less(JsonMapper.shared().readTree(record))
                .toString();
    }

    @Test
    void aDestinationIsItsRegistrableDomainWhereverItStands() {
        assertThat(less(
                        "{\"dst_endpoint\":{\"ip\":\"192.0.2.1\",\"port\":443,\"hostname\":\"Clinic.north.example.co.uk\"},"
                                + "\"tls\":{\"sni\":\"clinic.north.example.co.uk\",\"certificate\":{\"subject\":\"clinic\"}},"
                                + "\"connection_info\":{\"uid\":\"F1\",\"community_uid\":\"1:x\"},"
                                + "\"actor\":{\"app_uid\":\"com.acme.mail\"},"
                                + "\"text\":[\"it spoke to clinic.north.example.co.uk twice\"]}"))
                .isEqualTo("{\"dst_endpoint\":{\"port\":443,\"hostname\":\"example.co.uk\"},"
                        + "\"tls\":{\"sni\":\"example.co.uk\"},"
                        + "\"connection_info\":{\"uid\":\"F1\"},"
                        + "\"actor\":{\"app_uid\":\"com.acme.mail\"},"
                        + "\"text\":[\"it spoke to example.co.uk twice\"]}");
    }

    @Test
    void whatIsAskedForThereIsNotTold() {
        assertThat(less("{\"unmapped\":{\"postern\":{\"http_path\":\"/clinic\",\"http_path_class\":\"other\","
                        + "\"http_user_agent\":\"clinic/1\"}}}"))
                .isEqualTo("{\"unmapped\":{\"postern\":{\"http_path_class\":\"other\"}}}");
    }

    /** Only the server's own name is known. */
    @Test
    void theAddressGoesWhereOnlySniNamesIt() {
        assertThat(less("{\"dst_endpoint\":{\"ip\":\"192.0.2.1\",\"port\":443},\"tls\":{\"sni\":\"a.b.example\"}}"))
                .isEqualTo("{\"dst_endpoint\":{\"port\":443},\"tls\":{\"sni\":\"b.example\"}}");
    }

    @Test
    void anAddressThatNobodyNamedStays() {
        String record = "{\"dst_endpoint\":{\"ip\":\"192.0.2.1\",\"port\":443},\"destination\":\"192.0.2.1\"}";
        assertThat(less(record)).isEqualTo(record);
    }
}
