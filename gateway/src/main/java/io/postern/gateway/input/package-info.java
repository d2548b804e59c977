/**
 * What is in this file? Opens what a replay is given, compressed or not, tells its kind by its first bytes, and reads it in
 * lines. Knows no other package of ours; is known by those who read such lines.
 */
@NullMarked
package io.postern.gateway.input;

import org.jspecify.annotations.NullMarked;
