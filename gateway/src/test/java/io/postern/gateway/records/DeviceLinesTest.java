package io.postern.gateway.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceLinesTest {

    private final DeviceLines lines = new DeviceLines(Set.of("LC01", "pd-1"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"device\":{\"type_id\":5,\"uid\":\"LC01\"},\"x\":1}            | true",
                "{\"device\":{\"uid\":\"pd-1\"}}                                  | true",
                "{\"id\":\"e\",\"device\":{\"id\":\"LC01\",\"profile\":\"work\"}} | true",
                "{\"type\":\"quarantine.created\",\"device\":\"LC01\"}            | true",
                "{\"body\":{\"finding\":{\"device\":{\"uid\":\"LC01\"}}}}         | true",
                "{\"device\":{\"uid\":\"LC011\"}}                                 | false",
                "{\"device\":{\"uid\":\"LC02\"},\"dst_endpoint\":{\"hostname\":\"LC01\"}} | false",
                "{\"device\":\"LC02\",\"connection_info\":{\"uid\":\"LC01\"}}     | false",
                "{\"device\":{\"uid\":\"LC02\"},\"connection_info\":{\"uid\":\"LC01\"}} | false",
                "{\"device\":{\"os\":{\"uid\":\"LC01\"},\"uid\":\"LC02\"}}        | false",
                "{\"uid\":\"LC01\"}                                               | false",
                "{\"device\":{\"uid\":\"LC01\"},\"tra                             | true",
                "{\"device\":{\"uid\":\"LC02\"},\"tra                             | false",
            })
    void isAboutADeviceByItsNameAndNothingElse(String line, boolean about) {
        assertThat(lines.about(line.strip().getBytes(UTF_8))).isEqualTo(about);
    }

    @Test
    void looksOnlyWhereItIsTold() {
        byte[] two = "{\"device\":\"LC01\"}\n{\"device\":\"LC02\"}".getBytes(UTF_8);
        assertThat(lines.maybe(two)).isTrue();
        assertThat(lines.about(two, 0, 17)).isTrue();
        assertThat(lines.about(two, 18, two.length)).isFalse();
    }
}
