package io.postern.wire.dialogue;

/** What the first line of a server that speaks first says of its protocol. */
public enum Greeting {
    SMTP,
    /** Code 220 opens both; what the client says next tells them apart. */
    SMTP_OR_FTP,
    IMAP,
    POP3,
    /** {@code +OK} without a text: POP3's servers may leave it out, and others say no more. A POP3 client tells. */
    BARE_OK
}
