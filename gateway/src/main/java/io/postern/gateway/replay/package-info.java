/**
 * What was in these captures? The packets of files become flows again, by the time that is written in them, and are
 * recognised and judged as living ones are. Knows no Netty and no clock but the input's.
 */
@NullMarked
package io.postern.gateway.replay;

import org.jspecify.annotations.NullMarked;
