package io.postern.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.meters.ScrapeFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeAcceptTest {
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
            */*                                                                                | PROMETHEUS
            text/plain                                                                         | PROMETHEUS
            application/openmetrics-text                                                       | OPENMETRICS
            Application/OpenMetrics-Text; Version=1.0.0                                        | OPENMETRICS
            application/openmetrics-text;version=0.0.1                                         | PROMETHEUS
            application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4    | OPENMETRICS
            application/openmetrics-text;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.5    | PROMETHEUS
            application/openmetrics-text;version=1.0.0;q=0                                     | PROMETHEUS
            application/openmetrics-text;q=often                                               | PROMETHEUS
            application/vnd.google.protobuf;q=0.9,application/openmetrics-text;version=1.0.0;q=0.6,*/*;q=0.2 | OPENMETRICS
            image/png                                                                          | PROMETHEUS
            ;;,,;q=                                                                            | PROMETHEUS
            """)
    void choosesWhatTheScraperWantsMost(String accept, ScrapeFormat format) {
        assertThat(ScrapeAccept.format(List.of(accept))).isEqualTo(format);
    }

    @Test
    void whoAsksForNothingGetsThePrometheusText() {
        assertThat(ScrapeAccept.format(List.of())).isEqualTo(ScrapeFormat.PROMETHEUS);
    }

    @Test
    void severalFieldsAreOneList() {
        assertThat(ScrapeAccept.format(List.of("text/plain;q=0.2", "application/openmetrics-text;q=0.3")))
                .isEqualTo(ScrapeFormat.OPENMETRICS);
    }
}
