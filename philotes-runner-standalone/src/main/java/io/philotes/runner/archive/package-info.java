// SPDX-License-Identifier: Apache-2.0
/**
 * A start's classes in an archive that the JVM maps into memory instead of reading, verifying and linking each: half of the
 * time of a start. Start reading at {@link io.philotes.runner.archive.ClassArchive}.
 */
package io.philotes.runner.archive;
