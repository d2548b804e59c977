package io.postern.analytics.flow;

/**
 * The far end of a flow.
 *
 * @param host the name it claims to speak to (SNI, Host, the name asked of us), lower case, no trailing dot; empty if none
 * @param domain the registrable domain of the name, by the public suffix list; empty if there is no name or it is a suffix
 * @param address of the far end as text (RFC 5952); empty if it was never resolved
 * @param port 0 to 65,535
 */
public record Destination(String host, String domain, String address, int port) {

    public Destination {
        if (host.isEmpty() && address.isEmpty()) {
            throw new IllegalArgumentException("neither host nor address, must have one");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", must be 0 to 65535");
        }
    }

    /** One of which only the {@link #name} is known, which may be an address. */
    public static Destination named(String name, String domain, int port) {
        return isAddress(name) ? new Destination("", "", name, port) : new Destination(name, domain, "", port);
    }

    private static boolean isAddress(String name) {
        if (name.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c < '0' || c > '9') && c != '.') {
                return false;
            }
        }
        return true;
    }

    /** What state is kept by, beside the app: the name, or the address of those that have none. */
    public String name() {
        return host.isEmpty() ? address : host;
    }

    public boolean hasName() {
        return !host.isEmpty();
    }
}
