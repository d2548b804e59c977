package io.postern.analytics.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final int MOST = 200;

    private final Table table = new Table(4, MOST, 7);
    private final Map<String, Long> model = new HashMap<>();

    @Test
    void keepsWhatAMapKeeps() {
        Random random = new Random(1);
        for (int step = 0; step < 50_000; step++) {
            int number = random.nextInt(3);
            String name = "n".repeat(random.nextInt(30)) + random.nextInt(150);
            String prefix = random.nextInt(4) == 0 ? "*." : "";
            int hash = table.hash(number, prefix, name);
            int slot = table.find(hash, number, prefix, name);
            String key = number + prefix + name;
            assertThat(slot >= 0).isEqualTo(model.containsKey(key));
            if (slot >= 0 && random.nextInt(3) == 0) {
                assertThat(table.page(slot)[table.at(slot) + 2]).isEqualTo(model.remove(key));
                table.remove(slot);
            } else if (slot < 0 && !table.full()) {
                slot = table.add(hash, number, prefix, name);
                table.page(slot)[table.at(slot) + 2] = step;
                model.put(key, (long) step);
                assertThat(table.name(slot)).isEqualTo(prefix + name);
            } else if (slot < 0) {
                removeAny(random.nextInt());
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(everything()).isEqualTo(model);
    }

    private void removeAny(int chance) {
        int slot = table.leastWorth(chance, one -> one);
        model.remove(table.number(slot) + table.name(slot));
        table.remove(slot);
    }

    private Map<String, Long> everything() {
        Map<String, Long> all = new HashMap<>();
        for (int slot = 0; slot < table.slots(); slot++) {
            if (table.inUse(slot)) {
                all.put(table.number(slot) + table.name(slot), table.page(slot)[table.at(slot) + 2]);
            }
        }
        return all;
    }

    @Test
    void takesNoMoreMemoryForWhatComesAndGoes() {
        long bytes = 0;
        for (int i = 0; i < 20_000; i++) {
            if (table.full()) {
                table.remove(table.leastWorth(i, one -> one));
            }
            String name = "host" + i + ".example.com";
            table.add(table.hash(0, "", name), 0, "", name);
            bytes = i == 5_000 ? table.bytes() : bytes;
        }
        assertThat(table.bytes()).isLessThanOrEqualTo(bytes + bytes / 5);
    }

    @Test
    void findsAgainWhatIsLongOrOddlyWritten() throws IOException {
        List<String> names = List.of("", "x".repeat(253), "bücher.example", "日本.example", "*.example.com");
        for (String name : names) {
            table.add(table.hash(1, "", name), 1, "", name);
        }
        Table read = written(2);
        for (String name : names) {
            assertThat(read.find(read.hash(1, "", name), 1, "", name)).isNotNegative();
        }
        String longer = "x".repeat(300);
        assertThat(read.find(read.hash(1, "", longer), 1, "", longer)).isNotNegative();
    }

    @Test
    void refusesWhatIsNotItsOwn() throws IOException {
        table.add(table.hash(5, "", "a"), 5, "", "a");
        assertThatThrownBy(() -> written(5)).isInstanceOf(IOException.class);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(bytes));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertThatThrownBy(() -> new Table(5, MOST, 7).readFrom(in, 9)).isInstanceOf(IOException.class);
    }

    @Test
    void neighboursOfEachOtherDoNotHideWhatIsBehind() {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            // One hash for all: the longest run there can be.
            slots.add(table.add(42, i, "", "same"));
        }
        table.remove(slots.get(3));
        table.remove(slots.get(0));
        for (int i : new int[] {1, 2, 4, 5, 11}) {
            assertThat(table.find(42, i, "", "same")).isEqualTo(slots.get(i));
        }
        assertThat(table.find(42, 3, "", "same")).isNegative();
    }

    private Table written(int numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(bytes));
        Table read = new Table(4, MOST, 7);
        read.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), numbers);
        return read;
    }
}
