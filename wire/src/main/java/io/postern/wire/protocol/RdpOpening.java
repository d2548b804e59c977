package io.postern.wire.protocol;

/**
 * How one end opens RDP, [MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2.
 *
 * @param protocols the client's wishes as flags, or what the server chose: 0 RDP's own security, 1 TLS, 2 CredSSP;
 *     of a refusal its reason
 */
public record RdpOpening(Kind kind, int protocols) {

    public enum Kind {
        REQUEST,
        CONFIRM,
        REFUSAL
    }
}
