import remarkValidateLinks from 'remark-validate-links';

// Checks that links between files and to headings resolve. Nothing is fetched from the network.
export default { plugins: [[remarkValidateLinks, { repository: false }]] };
