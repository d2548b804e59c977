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
        Optional<Asking> asking) {

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
        this(tag, verifiedName, claimedName, address, port, protocol, basis, false, Optional.empty());
    }

    /** Before anything is dialled. */
    public static Question atOpen(AppTag tag, Optional<String> name, Optional<InetAddress> address, int port) {
        return new Question(tag, name, Optional.empty(), address, port, Optional.empty(), Basis.END);
    }

    /** A name that is asked for, before anybody says what for: its port is none that a rule can name. */
    static Question ofName(AppTag tag, String name) {
        return atOpen(tag, Optional.of(name), Optional.empty(), 0);
    }

    /** Whether it is known which app asks. */
    boolean oneApp() {
        return !tag.shared() && !tag.app().equals(AppTag.NOBODY);
    }

    /** The same of one package of the UID. */
    Question of(String app) {
        return new Question(tag.of(app), verifiedName, claimedName, address, port, protocol, basis, crowded, asking);
    }

    /** The same, which asks the DNS. */
    public Question asking(Asking what) {
        return new Question(tag, verifiedName, claimedName, address, port, protocol, basis, crowded, Optional.of(what));
    }

    /** Whether it will be asked again once more is known: the address, or what is spoken. */
    boolean open() {
        return address.isEmpty() || protocol.isEmpty();
    }
}
