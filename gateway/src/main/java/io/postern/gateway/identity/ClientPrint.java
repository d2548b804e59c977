package io.postern.gateway.identity;

/**
 * What a client shows of itself besides its credential, as hashes; zero is what it does not show. The same client shows
 * the same again, from whatever network; two clients rarely do.
 *
 * @param certificate its TLS certificate towards the listener
 * @param hello its ClientHello towards the listener, without what differs when a session is resumed
 * @param request its CONNECT request: names of the fields, user agent
 * @param word which device a concentrator says it is
 */
public record ClientPrint(long certificate, long hello, long request, long word) {

    /** It shows nothing of itself. */
    public static final ClientPrint NOTHING = new ClientPrint(0, 0, 0, 0);

    /** By what two clients can be told apart, the strongest first; the label is that of metrics and records. */
    public enum Trait {
        CERTIFICATE("certificate"),
        HELLO("client-hello"),
        REQUEST("request"),
        WORD("concentrator");

        private final String label;

        Trait(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    long of(Trait trait) {
        return switch (trait) {
            case CERTIFICATE -> certificate;
            case HELLO -> hello;
            case REQUEST -> request;
            case WORD -> word;
        };
    }

    /** FNV-1a of a text; never zero. Two that collide are taken for one client, which alerts nobody. */
    public static long hash(CharSequence text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }
}
