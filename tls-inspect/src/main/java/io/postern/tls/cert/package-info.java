/** Whose certificate is it, from whom, and for how long? Reads X.509 with BouncyCastle; trusts and refuses nobody. */
@NullMarked
package io.postern.tls.cert;

import org.jspecify.annotations.NullMarked;
