package io.postern.wire.dialogue;

import org.jspecify.annotations.Nullable;

/** What one line of a dialogue tells. */
enum Told {
    SMTP(Dialogue.SMTP),
    IMAP(Dialogue.IMAP),
    POP3(Dialogue.POP3),
    FTP(Dialogue.FTP),
    /** The next may. */
    NOTHING(null),
    /** The first reply behind this greeting will. */
    GREETED(null),
    /** None of them has it. */
    OTHER(null);

    private final @Nullable Dialogue dialogue;

    Told(@Nullable Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /** Which one it certainly is, if it is certain. */
    @Nullable
    Dialogue dialogue() {
        return dialogue;
    }
}
