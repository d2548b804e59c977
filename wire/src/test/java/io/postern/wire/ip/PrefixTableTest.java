package io.postern.wire.ip;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTableTest {

    @Test
    void longestPrefixWins() throws UnknownHostException {
        PrefixTable<String> table = table("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "2001:db8::/32");
        assertThat(table.find(InetAddress.getByName("192.0.2.1"))).contains("0.0.0.0/0");
        assertThat(table.find(InetAddress.getByName("10.2.0.0"))).contains("10.0.0.0/8");
        assertThat(table.find(InetAddress.getByName("10.1.2.4"))).contains("10.1.0.0/16");
        assertThat(table.find(InetAddress.getByName("10.1.2.3"))).contains("10.1.2.3/32");
        assertThat(table.find(InetAddress.getByName("2001:db8::1"))).contains("2001:db8::/32");
        assertThat(table.find(InetAddress.getByName("2001:db9::1"))).isEmpty();
    }

    @Test
    void knowsThePrefixThatWins() throws UnknownHostException {
        PrefixTable<String> table = table("10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "2001:db8::/32");
        for (String address : List.of("10.1.2.4", "10.3.0.0", "192.0.2.1", "2001:db8::1", "::ffff:10.2.0.1")) {
            assertThat(table.around(InetAddress.getByName(address)).map(Prefix::toString))
                    .isEqualTo(table.find(InetAddress.getByName(address)));
        }
    }

    @Test
    void familiesDoNotMix() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        assertThat(table("::/0").find(mapped)).isEmpty();
        assertThat(table("10.0.0.0/8").find(mapped)).contains("10.0.0.0/8");
    }

    @Test
    void anEmptyTableFindsNothing() {
        assertThat(table().find(new byte[4])).isEmpty();
        assertThat(table().find(new byte[16])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 300})
    void agreesWithALinearSearchByAnotherLibrary(int size) throws UnknownHostException {
        Random random = new Random(size);
        for (int round = 0; round < 3_000 / size; round++) {
            agrees(random, size);
        }
    }

    private static void agrees(Random random, int size) throws UnknownHostException {
        Map<Prefix, String> values = new HashMap<>();
        Map<String, IPAddress> oracle = new HashMap<>();
        List<InetAddress> seen = new ArrayList<>();
        while (values.size() < size) {
            InetAddress address = near(random, seen);
            Prefix prefix = Prefix.around(address, random.nextInt(8 * address.getAddress().length + 1));
            seen.add(prefix.address());
            values.put(prefix, prefix.toString());
            oracle.put(prefix.toString(), new IPAddressString(prefix.toString()).getAddress());
        }
        PrefixTable<String> table = PrefixTable.of(values);
        for (int ask = 0; ask < 100; ask++) {
            InetAddress address = near(random, seen);
            IPAddress asked = new IPAddressString(address.getHostAddress()).getAddress();
            Optional<String> longest = oracle.entrySet().stream()
                    .filter(entry -> entry.getValue().toPrefixBlock().contains(asked))
                    .max((one, other) -> Integer.compare(length(one.getValue()), length(other.getValue())))
                    .map(Map.Entry::getKey);
            assertThat(table.find(address)).as(address.getHostAddress()).isEqualTo(longest);
            assertThat(table.find(address.getAddress())).isEqualTo(longest);
            List<String> around = new ArrayList<>();
            table.forEach(address, around::add);
            assertThat(around)
                    .containsExactlyElementsOf(oracle.entrySet().stream()
                            .filter(entry -> entry.getValue().toPrefixBlock().contains(asked))
                            .sorted(Comparator.comparingInt(entry -> length(entry.getValue())))
                            .map(Map.Entry::getKey)
                            .toList());
        }
    }

    @Test
    void isWalkedInOrderFromAnywhere() throws UnknownHostException {
        Random random = new Random(7);
        List<InetAddress> seen = new ArrayList<>();
        TreeMap<Prefix, Prefix> values = new TreeMap<>();
        while (values.size() < 300) {
            InetAddress address = near(random, seen);
            Prefix prefix = Prefix.around(address, random.nextInt(8 * address.getAddress().length + 1));
            seen.add(prefix.address());
            values.put(prefix, prefix);
        }
        PrefixTable<Prefix> table = PrefixTable.of(values);
        values.keySet().forEach(prefix -> assertThat(table.at(prefix)).contains(prefix));
        assertThat(walked(table, Optional.empty(), 1_000)).containsExactlyElementsOf(values.keySet());
        for (int ask = 0; ask < 300; ask++) {
            InetAddress address = near(random, seen);
            Prefix from = Prefix.around(address, random.nextInt(8 * address.getAddress().length + 1));
            assertThat(table.at(from)).isEqualTo(Optional.ofNullable(values.get(from)));
            assertThat(walked(table, Optional.of(from), 10))
                    .as(from.toString())
                    .containsExactlyElementsOf(values.tailMap(from, false).keySet().stream()
                            .limit(10)
                            .toList());
        }
    }

    private static List<Prefix> walked(PrefixTable<Prefix> table, Optional<Prefix> after, int most) {
        List<Prefix> found = new ArrayList<>();
        table.walk(after, prefix -> {
            found.add(prefix);
            return found.size() < most;
        });
        return found;
    }

    private static int length(IPAddress block) {
        Integer length = block.getNetworkPrefixLength();
        return length == null ? block.getBitCount() : length;
    }

    /** Half of the addresses differ from a known one in a bit, so that prefixes nest and split everywhere. */
    private static InetAddress near(Random random, List<InetAddress> seen) throws UnknownHostException {
        if (!seen.isEmpty() && random.nextBoolean()) {
            byte[] bytes = seen.get(random.nextInt(seen.size())).getAddress();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return InetAddress.getByAddress(bytes);
        }
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        return InetAddress.getByAddress(bytes);
    }

    private static PrefixTable<String> table(String... prefixes) {
        Map<Prefix, String> values = new HashMap<>();
        for (String prefix : prefixes) {
            values.put(Prefix.parse(prefix), prefix);
        }
        return PrefixTable.of(values);
    }
}
