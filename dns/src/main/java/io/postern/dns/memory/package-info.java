/**
 * Which name is it that somebody goes to by its address? Remembers what each device was told, for a while. Fed with time; knows
 * {@code names} for what belongs together.
 */
@NullMarked
package io.postern.dns.memory;

import org.jspecify.annotations.NullMarked;
