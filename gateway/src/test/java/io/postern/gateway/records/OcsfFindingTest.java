package io.postern.gateway.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Change;
import io.postern.analytics.flow.AppKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OcsfFindingTest {

    private static final Schema SCHEMA = schema();
    private static final AppKey MAIL = new AppKey("3a1f9c", "work", "com.acme.mail");
    private static final Evidence CLOCK = new Evidence(Evidence.Family.CADENCE, "interval", 0.9, 0.7, 40, true);

    @ParameterizedTest
    @CsvSource({
        "AN1770, 39.9, CREATE, ALERT,      1, 2, 1, 1, 19, T1481",
        "AN1793, 40,   UPDATE, THROTTLE,   2, 3, 2, 4, 4,  T1437",
        "AN1827, 70,   CLOSE,  BLOCK,      3, 4, 4, 2, 2,  T1509",
        "AN1681, 90,   CREATE, QUARANTINE, 1, 5, 1, 2, 3,  T1437",
        "AN1716, 100,  CREATE, ALLOW,      1, 5, 1, 1, 1,  T1521"
    })
    void everyKindIsValidOcsf(
            String analytic,
            double score,
            Activity activity,
            Action verdict,
            int activityId,
            int severity,
            int status,
            int action,
            int disposition,
            String technique) {
        String line = line(finding(analytic, score, activity, MAIL, "api.acme.example", List.of(CLOCK)), verdict);

        assertThat(SCHEMA.validate(line, InputFormat.JSON)).isEmpty();
        JsonNode json = JsonMapper.shared().readTree(line);
        assertThat(json.at("/activity_id").asInt()).isEqualTo(activityId);
        assertThat(json.at("/type_uid").asInt()).isEqualTo(200_400 + activityId);
        assertThat(json.at("/severity_id").asInt()).isEqualTo(severity);
        assertThat(json.at("/status_id").asInt()).isEqualTo(status);
        assertThat(json.at("/action_id").asInt()).isEqualTo(action);
        assertThat(json.at("/disposition_id").asInt()).isEqualTo(disposition);
        assertThat(json.at("/finding_info/attacks/0/technique/uid").asString()).isEqualTo(technique);
        assertThat(json.at("/finding_info/attacks/0/version").asString()).isEqualTo("19.1");
        assertThat(json.at("/finding_info/uid").asString()).isEqualTo("f-1");
        assertThat(json.at("/unmapped/postern/score").asDouble()).isEqualTo(score);
    }

    @Test
    void itSaysWhatItRestsOn() {
        JsonNode json = JsonMapper.shared()
                .readTree(line(
                        finding("AN1681", 75, Activity.CREATE, MAIL, "api.acme.example", List.of(CLOCK)),
                        Action.ALERT));

        assertThat(json.at("/finding_info/attacks/0/sub_technique/uid").asString())
                .isEqualTo("T1437.001");
        assertThat(json.at("/unmapped/postern/evidence").toString())
                .isEqualTo(
                        "[{\"family\":\"cadence\",\"feature\":\"interval\",\"value\":0.9,\"threshold\":0.7,\"weight\":40,\"for\":true}]");
        assertThat(json.at("/unmapped/postern/not_visible").toString()).isEqualTo("[\"crypto\"]");
        assertThat(json.at("/unmapped/postern/bytes_out_before_verdict").asLong())
                .isEqualTo(4_711);
        assertThat(json.at("/unmapped/postern/baseline").asString()).isEqualTo("none");
        assertThat(json.at("/device/uid").asString()).isEqualTo("3a1f9c");
        assertThat(json.at("/actor/app_uid").asString()).isEqualTo("com.acme.mail");
        assertThat(json.at("/start_time").asLong()).isEqualTo(1_000);
        assertThat(json.at("/time").asLong()).isEqualTo(61_000);
    }

    @ParameterizedTest
    @CsvSource({"70, ALERT, true", "70, ALLOW, false", "30, ALERT, false"})
    void whatIsLowOrFoundInShadowIsNoAlert(double score, Action verdict, boolean alert) {
        String line =
                line(finding("AN1681", score, Activity.CREATE, MAIL, "api.acme.example", List.of(CLOCK)), verdict);

        assertThat(JsonMapper.shared().readTree(line).at("/is_alert").asBoolean())
                .isEqualTo(alert);
    }

    @ParameterizedTest
    @CsvSource({"true, 19", "false, 1"})
    void aCampaignIsAnAlertIfAnyOfItIs(boolean alert, int disposition) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Campaign campaign = new Campaign("c-1", "evil.example", "T1437", 3, 1, 3, 75, alert, 1_000, 61_000);
        new OcsfFinding("0.1.0").write(campaign, Change.CREATE, bytes);
        String line = bytes.toString(StandardCharsets.UTF_8);

        assertThat(SCHEMA.validate(line, InputFormat.JSON)).isEmpty();
        JsonNode json = JsonMapper.shared().readTree(line);
        assertThat(json.at("/is_alert").asBoolean()).isEqualTo(alert);
        assertThat(json.at("/disposition_id").asInt()).isEqualTo(disposition);
    }

    @Test
    void whoIsNobodyHasAnAddress() {
        String line = line(
                finding("rita", 1, Activity.CREATE, new AppKey("2001:db8::7", "-", "-"), "203.0.113.9", List.of()),
                Action.ALERT);

        assertThat(SCHEMA.validate(line, InputFormat.JSON)).isEmpty();
        JsonNode json = JsonMapper.shared().readTree(line);
        assertThat(json.at("/device/uid").asString()).isEqualTo("-");
        assertThat(json.at("/device/ip").asString()).isEqualTo("2001:db8::7");
        assertThat(json.at("/evidences/0/dst_endpoint/ip").asString()).isEqualTo("203.0.113.9");
    }

    @Test
    void aLineIsBoundedAsciiWhateverItIsTold() {
        String evil = "\u007f\n\u001b[31m\u00e9".repeat(1_000);
        Evidence odd = new Evidence(Evidence.Family.DNS, evil, Double.NaN, Double.POSITIVE_INFINITY, 1, false);
        String line = line(
                finding(evil, 50, Activity.CREATE, new AppKey(evil, evil, evil), evil, Collections.nCopies(1_000, odd)),
                Action.ALERT);

        assertThat(SCHEMA.validate(line, InputFormat.JSON)).isEmpty();
        assertThat(line).endsWith("}\n").hasSizeLessThan(128 * 1024);
        assertThat(line.substring(0, line.length() - 1).chars().filter(c -> c < 0x20 || c > 0x7e))
                .isEmpty();
    }

    private static Finding finding(
            String analytic, double score, Activity activity, AppKey key, String destination, List<Evidence> evidence) {
        return Finding.of(analytic, key, destination)
                .uid("f-1")
                .activity(activity)
                .score(score)
                .evidence(evidence)
                .notVisible(List.of("crypto"))
                .at(61_000)
                .since(1_000)
                .seen(17, 4_711)
                .finding();
    }

    private static String line(Finding finding, Action verdict) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new OcsfFinding("0.1.0").write(finding, verdict, Optional.empty(), bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Schema schema() {
        String path = "/ocsf-1.4/detection_finding.schema.json";
        try (InputStream in = Objects.requireNonNull(OcsfFindingTest.class.getResourceAsStream(path), path)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
