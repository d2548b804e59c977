/**
 * What do the first lines of a dialogue say? SSH, and the protocols in which a server greets and then answers commands:
 * SMTP, IMAP, POP3, FTP. Recognition only: nothing here judges what is said, and no line is kept.
 * Knows only the parser contract.
 */
@NullMarked
package io.postern.wire.dialogue;

import org.jspecify.annotations.NullMarked;
