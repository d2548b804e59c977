package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a flow is, as far as it is known when policy is asked.
 *
 * @param verifiedName the name the gateway itself resolved; it belongs to the address
 * @param claimedName SNI or Host as the client says; it may be a lie, so it can condemn and never excuse
 * @param address empty before anything was resolved
 * @param protocol empty before the flow was watched
 * @param crowded whether memory for what flows say first had no room for it
 * @param asking of datagrams to port 53
 * @param client from where it is asked; empty where nobody knows
 */
public record Question(
        AppTag tag,
        Optional<String> verifiedName,
        Optional<String> claimedName,
        Optional<InetAddress> address,
        int port,
        Optional<Protocol> protocol,
        Basis basis,
        boolean crowded,
        Optional<Asking> asking,
        Optional<InetAddress> client) {

    /**
     * A datagram that asks the DNS, and holds nothing but its question.
     *
     * @param server as asked for, at port 53
     * @param name empty before it was looked at
     */
    public record Asking(InetAddress server, Optional<String> name) {}

    /** Where there was room to look at it. */
    public Question(
            AppTag tag,
            Optional<String> verifiedName,
            Optional<String> claimedName,
            Optional<InetAddress> address,
            int port,
            Optional<Protocol> protocol,
            Basis basis) {
        this(tag, verifiedName, claimedName, address, port, protocol, basis, false, Optional.empty(), Optional.empty());
    }

    /** Before anything is dialled. */
    public static Question atOpen(AppTag tag, Optional<String> name, Optional<InetAddress> address, int port) {
        return new Question(tag, name, Optional.empty(), address, port, Optional.empty(), Basis.END);
    }

    /** Whether it is known which app asks. */
    boolean oneApp() {
        return !tag.shared() && !tag.app().equals(AppTag.NOBODY);
    }

    /** The same of one package of the UID. */
    Question of(String app) {
        return new Question(
                tag.of(app), verifiedName, claimedName, address, port, protocol, basis, crowded, asking, client);
    }

    /** The same, which asks the DNS. */
    public Question asking(Asking what) {
        return new Question(
                tag, verifiedName, claimedName, address, port, protocol, basis, crowded, Optional.of(what), client);
    }

    /** The same, asked from there. */
    public Question from(InetAddress where) {
        return new Question(
                tag, verifiedName, claimedName, address, port, protocol, basis, crowded, asking, Optional.of(where));
    }

    /** Whether it will be asked again once more is known: the address, or what is spoken. */
    boolean open() {
        return address.isEmpty() || protocol.isEmpty();
    }
}
