package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** What is expected of the line a flow left. */
final class TestingLine {

    private TestingLine() {}

    static void expect(String protocol, String basis, JsonNode line) {
        assertThat(line.at("/app_name").asString()).isEqualTo(protocol);
        assertThat(line.at("/unmapped/postern/basis").asString()).isEqualTo(basis);
    }

    static void blocked(String rule, JsonNode line) {
        assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
        assertThat(line.at("/firewall_rule/name").asString()).isEqualTo(rule);
    }
}
