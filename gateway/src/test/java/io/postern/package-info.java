/** What holds for the whole of Postern; gateway sees every module. */
@NullMarked
package io.postern;

import org.jspecify.annotations.NullMarked;
