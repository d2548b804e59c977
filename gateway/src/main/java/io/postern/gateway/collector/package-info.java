/**
 * What do devices' own captures say of who owns a connection? Takes what PCAPdroid exports, and hands on reports to {@code
 * owners}. Nobody proves anything here but the address it comes from. On a thread of its own.
 */
@NullMarked
package io.postern.gateway.collector;

import org.jspecify.annotations.NullMarked;
