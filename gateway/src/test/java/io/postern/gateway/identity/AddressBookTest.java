package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppTag;
import io.postern.wire.ip.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressBookTest {

    private final AddressBook book =
            new AddressBook(InnerAddresses.parse("a.csv", """
            address,device,profile,app,proof
            10.77.0.0/24,FILE24,work,-,address
            10.77.0.2,FILE32,work,-,address
            fd77::/64,FILE64,work,-,address
            """).value().orElseThrow(), 2);

    @Test
    void theLongestPrefixOfAnybodyCounts() throws UnknownHostException {
        assign(book.api(), "10.77.0.0/16", "API16");
        assign(book.radius(), "10.77.0.3", "RADIUS32");
        assertThat(device("10.77.0.1")).contains("FILE24");
        assertThat(device("10.77.1.1")).contains("API16");
        assertThat(device("10.77.0.2")).contains("FILE32");
        assertThat(device("10.77.0.3")).contains("RADIUS32");
        assertThat(device("10.78.0.3")).isEmpty();
        assertThat(device("fd77::9")).contains("FILE64");
        assertThat(device("::ffff:10.77.0.3")).contains("RADIUS32");
    }

    @Test
    void ofTheSamePrefixTheApiCountsThenRadiusThenTheFile() throws UnknownHostException {
        assign(book.radius(), "10.77.0.2/32", "RADIUS32");
        assertThat(device("10.77.0.2")).contains("RADIUS32");
        assign(book.api(), "10.77.0.2/32", "API32");
        assertThat(device("10.77.0.2")).contains("API32");
        book.api().remove(Prefix.parse("10.77.0.2"));
        book.radius().remove(Prefix.parse("10.77.0.2"));
        assertThat(device("10.77.0.2")).contains("FILE32");
    }

    @Test
    void holdsAsManyAsItMay() {
        assertThat(assign(book.radius(), "10.1.0.1", "A")).isTrue();
        assertThat(assign(book.radius(), "10.1.0.2", "B")).isTrue();
        assertThat(assign(book.radius(), "10.1.0.3", "C")).isFalse();
        assertThat(assign(book.radius(), "10.1.0.2", "D")).isTrue();
        assertThat(book.size(AddressSource.RADIUS)).isEqualTo(2);
        assertThat(book.radius().at(Prefix.parse("10.1.0.2")))
                .map(owner -> owner.tag().device())
                .contains("D");
    }

    @Test
    void whatHasHadItsTimeGoes() throws UnknownHostException {
        book.api().put(new AddressOwner(Prefix.parse("10.1.0.1"), tag("A"), 1_000));
        assertThat(book.api().expire(999)).isFalse();
        assertThat(device("10.1.0.1")).contains("A");
        assertThat(book.api().expire(1_000)).isTrue();
        assertThat(device("10.1.0.1")).isEmpty();
        assertThat(book.size(AddressSource.API)).isZero();
    }

    @Test
    void isReadPageByPage() {
        assign(book.api(), "10.77.0.2", "API32");
        assign(book.api(), "10.0.0.0/8", "API8");
        assign(book.radius(), "10.77.0.2", "RADIUS32");
        List<String> devices = new ArrayList<>();
        Optional<AddressBook.Place> after = Optional.empty();
        for (int page = 0; page < 6; page++) {
            List<AddressBook.Entry> one = book.list(tag -> true, after, 1);
            assertThat(one).hasSize(1);
            devices.add(one.get(0).owner().tag().device());
            after = one.stream()
                    .map(entry -> new AddressBook.Place(entry.owner().prefix(), entry.source()))
                    .findFirst();
        }
        assertThat(devices).containsExactly("API8", "FILE24", "API32", "RADIUS32", "FILE32", "FILE64");
        assertThat(book.list(tag -> true, after, 1)).isEmpty();
        assertThat(book.list(tag -> tag.device().endsWith("32"), Optional.empty(), 10))
                .hasSize(3);
    }

    private static boolean assign(AssignedAddresses to, String prefix, String device) {
        return to.put(new AddressOwner(Prefix.parse(prefix), tag(device)));
    }

    private static AppTag tag(String device) {
        return new OwnerWords(device, "work", "-", "address").tag();
    }

    private Optional<String> device(String address) throws UnknownHostException {
        return book.find(InetAddress.getByName(address)).map(AppTag::device);
    }
}
