package io.postern.wire.dialogue;

/** Protocols in which a server greets, then answers commands. */
public enum Dialogue {
    SMTP,
    IMAP,
    POP3,
    FTP
}
