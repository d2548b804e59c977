package io.postern.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.input.Faults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactFileTest {

    @TempDir
    Path folder;

    private final List<String> wrong = new ArrayList<>();

    @Test
    void factsComeInTheOrderOfTheirTimes() throws IOException {
        try (FactFile facts = open("30\n10\n\n20\n40\n")) {
            assertThat(times(facts, 25)).containsExactly(10L, 20L);
            assertThat(times(facts, 25)).isEmpty();
            assertThat(times(facts, Long.MAX_VALUE)).containsExactly(30L, 40L);
            assertThat(facts.read()).isEqualTo(4);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatIsNoFactIsToldOfAndTheRestIsDone() throws IOException {
        try (FactFile facts = open("1\nx\ny\nz\nw\n2\n")) {
            assertThat(times(facts, Long.MAX_VALUE)).containsExactly(1L, 2L);
        }
        assertThat(wrong)
                .containsExactly(
                        "line 2: is none",
                        "line 3: is none",
                        "line 4: is none",
                        "4 lines are broken, the first 3 of them are told of");
    }

    /** One of a far future is not waited for, and many of them do not fill the memory. */
    @Test
    void noMoreAreHeldThanThereIsRoomFor() throws IOException {
        String far = IntStream.range(0, FactFile.AHEAD + 10)
                .mapToObj(each -> "9000000")
                .collect(Collectors.joining("\n"));
        try (FactFile facts = open("9000000\n5\n" + far + "\n7\n")) {
            assertThat(times(facts, 10)).containsExactly(5L);
            assertThat(facts.read()).isEqualTo(FactFile.AHEAD + 1);
            assertThat(times(facts, Long.MAX_VALUE))
                    .hasSize(FactFile.AHEAD + 12)
                    .contains(7L);
        }
    }

    private static List<Long> times(FactFile facts, long until) {
        List<Long> times = new ArrayList<>();
        for (ContextEvent fact = facts.until(until); fact != null; fact = facts.until(until)) {
            times.add(fact.timeMillis());
        }
        return times;
    }

    private FactFile open(String lines) throws IOException {
        Path file = Files.writeString(folder.resolve("facts"), lines);
        return FactFile.open(file, new Faults(wrong::add), FactFileTest::read);
    }

    private static @Nullable ContextEvent read(byte[] bytes, int from, int to, Consumer<String> wrong) {
        String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        if (!text.chars().allMatch(Character::isDigit)) {
            wrong.accept("is none");
            return null;
        }
        return new ContextEvent(
                text, Long.parseLong(text), "d", "work", Optional.empty(), new ContextEvent.Interacted(), "mdm", false);
    }
}
