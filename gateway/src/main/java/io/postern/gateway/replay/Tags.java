package io.postern.gateway.replay;

import io.postern.analytics.flow.AppTag;
import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.gateway.identity.InnerAddresses;
import io.postern.gateway.identity.OwnerWords;
import io.postern.wire.http.Authority;
import io.postern.wire.ip.HostText;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose an address of a capture is, as lines of a file: those of {@link InnerAddresses}, and besides addresses with a port,
 * {@code 192.0.2.7:41822} or {@code [2001:db8::7]:41822}, which go before those without.
 */
public final class Tags {

    public static final Tags NONE = new Tags(InnerAddresses.NONE, Map.of());

    private static final String PATH = "--tags";
    private static final int FIELDS = 4;

    private final InnerAddresses addresses;
    private final Map<InetSocketAddress, AppTag> ports;

    private Tags(InnerAddresses addresses, Map<InetSocketAddress, AppTag> ports) {
        this.addresses = addresses;
        this.ports = ports;
    }

    /**
     * Reads a file whole; every problem at once.
     *
     * @param source what to call it in problems
     */
    public static Reading<Tags> parse(String source, String text) {
        Problems problems = new Problems();
        Map<InetSocketAddress, AppTag> ports = new HashMap<>();
        StringBuilder rest = new StringBuilder();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String[] fields = lines.get(i).strip().split(",", -1);
            Optional<InetSocketAddress> at = withPort(fields[0]);
            if (at.isEmpty()) {
                rest.append(lines.get(i));
            } else {
                String wrong = add(ports, at.get(), fields);
                if (!wrong.isEmpty()) {
                    problems.add(new Position(source, i + 1, 1), PATH, wrong);
                }
            }
            // Every line stays where it is, so that problems name the right one.
            rest.append('\n');
        }
        Reading<InnerAddresses> addresses = InnerAddresses.parse(source, rest.toString(), PATH);
        for (Problem problem : addresses.problems()) {
            problems.add(problem);
        }
        return problems.none()
                ? Reading.of(new Tags(addresses.value().orElseThrow(), Map.copyOf(ports)), new Problems())
                : Reading.refused(problems, new Problems());
    }

    private static Optional<InetSocketAddress> withPort(String text) {
        return Authority.parse(text)
                .filter(authority -> authority.port().isPresent())
                .flatMap(authority -> HostText.of(authority.host()) instanceof HostText.Literal literal
                        ? Optional.of(new InetSocketAddress(
                                literal.address(), authority.port().getAsInt()))
                        : Optional.empty());
    }

    /** @return what is wrong with it; empty when it was taken */
    private static String add(Map<InetSocketAddress, AppTag> ports, InetSocketAddress at, String[] fields) {
        if (fields.length != FIELDS) {
            return "has " + fields.length + " fields, must have " + FIELDS;
        }
        OwnerWords words = new OwnerWords(fields[1], fields[2], fields[3], OwnerWords.PROOF);
        Optional<String> wrong = words.faults().values().stream().findFirst();
        if (wrong.isPresent()) {
            return wrong.get();
        }
        return ports.putIfAbsent(at, words.tag()) == null ? "" : fields[0] + " is there twice";
    }

    /** Whose this end of a flow is, if anybody's; makes no object where nobody is known. */
    Optional<AppTag> find(Ends.End end) {
        return nobody() ? Optional.empty() : find(end.socket());
    }

    /** Whose this end of a flow is, if anybody's. */
    Optional<AppTag> find(InetSocketAddress end) {
        return nobody()
                ? Optional.empty()
                : Optional.ofNullable(ports.get(end)).or(() -> addresses.tag(end.getAddress()));
    }

    private boolean nobody() {
        return ports.isEmpty() && addresses.size() == 0;
    }
}
