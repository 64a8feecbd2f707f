// SPDX-License-Identifier: Apache-2.0
package io.philotes.dlq.file;

import io.philotes.dlq.DeadLetterQueue;
import io.philotes.testkit.contract.DeadLetterQueueContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileDeadLetterQueueTest extends DeadLetterQueueContract {

    @TempDir
    Path directory;

    @Override
    protected DeadLetterQueue another() {
        return FileDeadLetterQueue.at(directory.resolve("not/there/yet"));
    }
}
