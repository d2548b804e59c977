package io.postern.wire.dialogue;

/** Protocols whose ends talk in text, and may turn to TLS in the middle of it. */
public enum Dialogue {
    SMTP,
    IMAP,
    POP3,
    FTP,
    /** In elements of XML, not in lines. */
    XMPP
}
