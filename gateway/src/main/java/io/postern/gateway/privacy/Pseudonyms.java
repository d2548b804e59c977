package io.postern.gateway.privacy;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.quarantine.Scope;
import io.postern.gateway.records.DnsRecord;
import io.postern.gateway.records.FlowRecord;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What devices are called outside. Inside, tables, quarantines, policy and what is learnt know devices by their ids, so that
 * another key changes nothing of what holds; whatever leaves, records, answers, letters, the audit log, the log, names a device by
 * its pseudonym and its address by one of 100::/64. Without keys everything is called what it is.
 *
 * <p>Any thread; waits for nothing.
 */
public final class Pseudonyms {

    /** Nothing is hidden. */
    public static final Pseudonyms NONE = new Pseudonyms(List.of(), (pseudonym, device) -> {}, word -> word);

    /** What somebody is told who may not name a device by its id. */
    public static final String REFUSED =
            "must be a pseudonym (" + KeyedNames.PREFIX + "…); by its id only the role admin may name a device";

    private static final Pattern FORM = Pattern.compile(Pattern.quote(KeyedNames.PREFIX) + "[0-9a-f]{32}");

    private final List<KeyedNames> keys;
    private final BiConsumer<String, String> made;
    private final UnaryOperator<String> meant;

    private Pseudonyms(List<KeyedNames> keys, BiConsumer<String, String> made, UnaryOperator<String> meant) {
        this.keys = List.copyOf(keys);
        this.made = made;
        this.meant = meant;
    }

    /**
     * @param secretFiles the first makes pseudonyms, by the others they were made before
     * @param made told of each pseudonym that leaves, with what it stands for
     * @param meant the device of a pseudonym; anything else itself
     * @throws IOException when a file does not hold a secret
     */
    public static Pseudonyms by(List<Path> secretFiles, BiConsumer<String, String> made, UnaryOperator<String> meant)
            throws IOException {
        List<KeyedNames> keys = new ArrayList<>();
        for (Path file : secretFiles) {
            keys.add(KeyedNames.of(file));
        }
        return new Pseudonyms(keys, made, meant);
    }

    /** Whether devices are called otherwise outside. */
    public boolean on() {
        return !keys.isEmpty();
    }

    /** Whether a word is what a device might be called outside. */
    public static boolean is(String word) {
        return FORM.matcher(word).matches();
    }

    /** Of a device, or of the address of one that nobody knows. What is a pseudonym stays one. */
    public String of(String device) {
        if (keys.isEmpty() || device.isEmpty() || device.equals(AppTag.NOBODY) || is(device)) {
            return device;
        }
        KeyedNames key = keys.get(0);
        String name = HostText.of(device) instanceof HostText.Literal literal
                ? AddressText.of(key.address(literal.address()))
                : key.device(device);
        made.accept(name, device);
        return name;
    }

    /** Of a device, by every key, its id too: what lines may call it that were written at different times. */
    public List<String> all(String device) {
        List<String> all = new ArrayList<>(List.of(device));
        keys.forEach(key -> all.add(
                HostText.of(device) instanceof HostText.Literal literal
                        ? AddressText.of(key.address(literal.address()))
                        : key.device(device)));
        return all;
    }

    /** What a detector calls a finding may be tried out by who knows device ids. */
    public Finding called(Finding word) {
        return keys.isEmpty()
                ? word
                : word.but().uid(keys.get(0).finding(word.uid())).finding();
    }

    private AppTag of(AppTag tag) {
        return new AppTag(of(tag.device()), tag.profile(), tag.app(), tag.deviceAssurance(), tag.appAssurance());
    }

    public FlowRecord of(FlowRecord flow) {
        return keys.isEmpty() ? flow : flow.from(of(flow.tag()), of(flow.client()));
    }

    public DnsRecord of(DnsRecord asked) {
        return keys.isEmpty() ? asked : asked.from(of(asked.tag()), of(asked.client()));
    }

    private InetSocketAddress of(InetSocketAddress client) {
        return new InetSocketAddress(keys.get(0).address(client.getAddress()), client.getPort());
    }

    public Finding of(Finding finding) {
        AppKey key = finding.key();
        return keys.isEmpty() ? finding : finding.about(new AppKey(of(key.device()), key.profile(), key.app()));
    }

    public Kept of(Kept kept) {
        return keys.isEmpty() ? kept : kept.saying(of(kept.finding()));
    }

    public Scope of(Scope scope) {
        return keys.isEmpty() ? scope : new Scope(of(scope.device()), scope.profile(), scope.app());
    }

    public Quarantine of(Quarantine one) {
        return keys.isEmpty() ? one : one.of(of(one.scope()));
    }

    /**
     * The device that somebody means who asks for one.
     *
     * @param mayName whether they may name it by its id
     * @return empty where they named it so and may not, see {@link #REFUSED}
     */
    public Optional<String> meant(String word, boolean mayName) {
        return !on() || mayName || is(word) ? Optional.of(meant.apply(word)) : Optional.empty();
    }
}
