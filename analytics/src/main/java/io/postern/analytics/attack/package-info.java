/**
 * The five analytics of MITRE ATT&CK Mobile that the product exists for, one file each, and what they weigh evidence with.
 * Definitions: DET0672, DET0685, DET0706, DET0620 and DET0641 of ATT&CK 19.1.
 */
@NullMarked
package io.postern.analytics.attack;

import org.jspecify.annotations.NullMarked;
