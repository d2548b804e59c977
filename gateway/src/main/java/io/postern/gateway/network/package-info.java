/**
 * What must the kernel be told so that a tunnel's flows come here, and nowhere else? Text only: {@code cli} runs it.
 */
@NullMarked
package io.postern.gateway.network;

import org.jspecify.annotations.NullMarked;
