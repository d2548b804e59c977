package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.flow.AppKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFindingsTest {

    private final List<Finding> told = new ArrayList<>();

    @Test
    void whatIsOpenStaysTheSameFindingOverARestart() throws IOException {
        OpenFindings before = new OpenFindings(10);
        before.judged(finding("LC01", 50, 1_000), false, told::add);
        before.judged(finding("LC02", 60, 2_000), false, told::add);
        byte[] bytes = written(before, "LC01");

        OpenFindings after = new OpenFindings(10);
        after.readFrom("LC01", in(bytes));
        assertThat(after.size()).isEqualTo(1);
        assertThat(written(after, "LC01")).isEqualTo(bytes);

        after.judged(finding("LC01", 51, 3_000), false, told::add);
        after.judged(finding("LC01", 75, 4_000), false, told::add);
        after.judged(finding("LC01", 10, 5_000), false, told::add);
        assertThat(told)
                .extracting(Finding::activity)
                .containsExactly(Activity.CREATE, Activity.CREATE, Activity.UPDATE, Activity.CLOSE);
        assertThat(told.get(2).uid()).isEqualTo(told.get(0).uid());
        assertThat(told.get(3).uid()).isEqualTo(told.get(0).uid());
        assertThat(written(after, "LC01")).isEqualTo(written(after, "LC99"));
    }

    @Test
    void whatIsCutChangesNothing() throws IOException {
        OpenFindings before = new OpenFindings(10);
        before.judged(finding("LC01", 50, 1_000), false, told::add);
        byte[] bytes = written(before, "LC01");
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            OpenFindings after = new OpenFindings(10);
            assertThatThrownBy(() -> after.readFrom("LC01", in(cut))).isInstanceOf(IOException.class);
            assertThat(after.size()).isZero();
        }
    }

    @Test
    void noMoreAreOpenThanThereIsRoomFor() throws IOException {
        OpenFindings before = new OpenFindings(10);
        before.judged(finding("LC01", 50, 1_000), false, told::add);
        OpenFindings full = new OpenFindings(1);
        full.judged(finding("LC02", 50, 1_000), false, told::add);
        full.readFrom("LC01", in(written(before, "LC01")));
        assertThat(full.size()).isEqualTo(1);

        full.judged(finding("LC03", 50, 2_000), false, told::add);
        assertThat(full.size()).isEqualTo(1);
        assertThat(full.pushedOut()).isEqualTo(1);
        assertThat(told.get(2).activity()).isEqualTo(Activity.CLOSE);
        assertThat(written(full, "LC02")).isEqualTo(written(full, "LC99"));
    }

    @Test
    void oneDeviceClosesNoFindingsOfOthers() {
        OpenFindings open = new OpenFindings(1_000);
        open.judged(finding("LC01", 50, 1_000), false, told::add);
        for (int i = 0; i < 2_000; i++) {
            open.judged(finding("LC02", "host" + i + ".example", 50, 2_000 + i), false, told::add);
        }
        assertThat(open.size()).isEqualTo(1 + OpenFindings.MOST_OF_DEVICE);
        assertThat(told.stream().filter(one -> one.activity() == Activity.CLOSE))
                .hasSize(2_000 - OpenFindings.MOST_OF_DEVICE)
                .allMatch(one -> one.key().device().equals("LC02"));
    }

    @Test
    void whatMayBlockOutlastsAFloodOfTheSameDevice() {
        OpenFindings open = new OpenFindings(1_000);
        open.judged(blocking("LC01", 75, 1_000), false, told::add);
        open.judged(finding("LC01", "grave.example", 95, 1_500), false, told::add);
        for (int i = 0; i < 2 * OpenFindings.MOST_OF_DEVICE; i++) {
            open.judged(finding("LC01", "host" + i + ".example", 50 + i % 7, 2_000 + i), false, told::add);
        }
        assertThat(open.size()).isEqualTo(OpenFindings.MOST_OF_DEVICE);
        assertThat(told.stream().filter(one -> one.activity() == Activity.CLOSE))
                .isNotEmpty()
                .allMatch(one -> one.destination().startsWith("host"));
    }

    @Test
    void whatMayBlockOutlastsAFloodOfOtherDevices() {
        OpenFindings open = new OpenFindings(100);
        open.judged(blocking("LC01", 75, 1_000), false, told::add);
        for (int i = 0; i < 500; i++) {
            open.judged(finding("LX" + i, 50, 2_000 + i), false, told::add);
        }
        assertThat(open.size()).isEqualTo(100);
        assertThat(told.stream().filter(one -> one.activity() == Activity.CLOSE))
                .hasSize(401)
                .noneMatch(Finding::mayBlock);
    }

    @Test
    void ofThoseThatMayAllBlockTheLowestGoes() {
        OpenFindings open = new OpenFindings(2);
        open.judged(blocking("LC01", 95, 1_000), false, told::add);
        open.judged(blocking("LC02", 75, 2_000), false, told::add);
        open.judged(blocking("LC03", 85, 3_000), false, told::add);
        assertThat(told.stream().filter(one -> one.activity() == Activity.CLOSE))
                .singleElement()
                .matches(one -> one.key().device().equals("LC02"));
    }

    private static Finding blocking(String device, double score, long atMillis) {
        return finding(device, score, atMillis).but().mayBlock(true).finding();
    }

    @Test
    void aLateFactTakesBackAndDoesNotClose() {
        OpenFindings open = new OpenFindings(10);
        open.judged(blocking("LC01", 80, 1_000), false, told::add);
        Evidence rare = new Evidence(Family.DESTINATION, "destination-rare-for-app", 0, 2, 10, true);
        open.judged(finding("LC01", 10, 2_000).but().evidence(List.of(rare)).finding(), true, told::add);
        assertThat(told).extracting(Finding::activity).containsExactly(Activity.CREATE, Activity.UPDATE);
        assertThat(told.get(1).score()).isEqualTo(25);
        assertThat(told.get(1).mayBlock()).isFalse();
        open.judged(finding("LC01", 10, 3_000), false, told::add);
        assertThat(told)
                .extracting(Finding::activity)
                .containsExactly(Activity.CREATE, Activity.UPDATE, Activity.CLOSE);
    }

    /** Nothing was seen of the time it speaks of. */
    @Test
    void aLateFactThatFindsNothingToJudgeSaysNothing() {
        OpenFindings open = new OpenFindings(10);
        open.judged(blocking("LC01", 80, 1_000), false, told::add);
        open.judged(finding("LC01", 0, 2_000), true, told::add);
        assertThat(told).extracting(Finding::activity).containsExactly(Activity.CREATE);
    }

    @Test
    void aLateFactLetsNothingBlock() {
        OpenFindings open = new OpenFindings(10);
        open.judged(finding("LC01", 60, 1_000), false, told::add);
        open.judged(blocking("LC01", 90, 2_000), true, told::add);
        assertThat(told).extracting(Finding::mayBlock).containsExactly(false, false);
        open.judged(blocking("LC01", 90, 3_000), false, told::add);
        assertThat(told).extracting(Finding::mayBlock).containsExactly(false, false, true);
    }

    private static byte[] written(OpenFindings open, String device) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        open.writeTo(device, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static DataInputStream in(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }

    private static Finding finding(String device, double score, long atMillis) {
        return finding(device, "api.acme.example", score, atMillis);
    }

    private static Finding finding(String device, String destination, double score, long atMillis) {
        return Finding.of("AN1681", new AppKey(device, "work", "com.acme.notes"), destination)
                .activity(Activity.UPDATE)
                .score(score)
                .notVisible(List.of("lock"))
                .at(atMillis)
                .since(500)
                .seen(12, 3_000)
                .finding();
    }
}
